// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the sources of the cases have template literals
import { describe, expect, test } from 'vitest'
import { texts } from './support.ts'

describe('tokens of JavaScript and TypeScript', () => {
  test.each<[string, string, string]>([
    ['words and operators', 'a ??= b?.c ?? !d', 'i:a ??= i:b ?. i:c ?? ! i:d'],
    ['numbers', '0x1f_ffn 1e-5 .5 1.5', 'n:0x1f_ffn n:1e-5 n:.5 n:1.5'],
    ['private names', '#a in this.#b', 'i:#a k:in k:this . i:#b'],
    ['a spread keyword is one, a member is not', '...await a.delete', '... k:await i:a . i:delete'],
    ['names that are sometimes keywords', 'type get is', 'i:type i:get i:is'],
    ['a line that names the interpreter', '#!/usr/bin/env node\na', 'i:a'],
    ['comments', 'a // "b\n/* c\n` */ d', 'i:a i:d'],
    ['a comment ends where the engine ends the line', 'a // b\u2028c', 'i:a i:c'],
    ['an open string ends with its line', `'a\nb`, `s:'a i:b`],
    ['a string over lines by a backslash', `'a\\\nb' c`, `s:'a\\\nb' i:c`],
  ])('%s', (_, source, expected) => {
    expect(texts(source, 'typescript')).toBe(expected)
  })
})

describe('template literals', () => {
  test.each<[string, string, string]>([
    ['without holes', '`a\\`b` c', 't:`a\\`b` i:c'],
    ['with holes', '`a${b}c${d}e`', 't:`a${ i:b t:}c${ i:d t:}e`'],
    ['in one another', '`a${`b${c}`}d`', 't:`a${ t:`b${ i:c t:}` t:}d`'],
    ['with an object in a hole', '`${{ a: {} }}` / 2', 't:`${ { i:a : { } } t:}` / n:2'],
    ['with brackets left open in a hole', '`${(a}b` c', 't:`${ ( i:a t:}b` i:c'],
    ['an escaped hole', '`\\${a}`', 't:`\\${a}`'],
    ['open to the end of the file', '`a\nb', 't:`a\nb'],
  ])('%s', (_, source, expected) => {
    expect(texts(source, 'javascript')).toBe(expected)
  })
})

describe('a slash is a regular expression or a division', () => {
  test.each<[string, string]>([
    ['a / b / c', 'i:a / i:b / i:c'],
    ['= /a/g', '= r:/a/g'],
    ['return /a/', 'k:return r:/a/'],
    ['this / a / b', 'k:this / i:a / i:b'],
    ['(/a/)', '( r:/a/ )'],
    ['(a) / b / c', '( i:a ) / i:b / i:c'],
    ['if (a) /b/.c()', 'k:if ( i:a ) r:/b/ . i:c ( )'],
    ['a[0] / b / c', 'i:a [ n:0 ] / i:b / i:c'],
    ['f() {} /a/', 'i:f ( ) { } r:/a/'],
    ['a = {} / b / c', 'i:a = { } / i:b / i:c'],
    ['a++ / b / c', 'i:a ++ / i:b / i:c'],
    ['a! / b / c', 'i:a ! / i:b / i:c'],
    ['!/a/', '! r:/a/'],
    ['= /[/\\]]/', '= r:/[/\\]]/'],
    ['= /a\\/b/', '= r:/a\\/b/'],
    ['= /a\nb/c', '= / i:a i:b / i:c'],
    ['`a` / b / c', 't:`a` / i:b / i:c'],
    ['a.return / b / c', 'i:a . i:return / i:b / i:c'],
    ['= [/[/[/', '= [ / [ / [ /'],
    // Once a search has gone to the end of a line, there is no second one on it.
    ['= /[ + /a/\n= /b/', '= / [ + / i:a / = r:/b/'],
  ])('%s', (source, expected) => {
    expect(texts(source, 'javascript')).toBe(expected)
  })
})

describe('JSX', () => {
  test.each<[string, string, string]>([
    [
      'attributes, children and text',
      `= <a b="c" {...d} e-f={g / h}>Don't {i} go</a> / 2`,
      `= < i:a i:b = s:"c" { ... i:d } i:e - i:f = { i:g / i:h } > x:Don't  { i:i } x: go < / i:a > / n:2`,
    ],
    ['in one another', '(<a><b /><></></a>)', '( < i:a > < i:b / > < > < / > < / i:a > )'],
    ['quotes and backticks in text', '= <a>` \' "</a>; b', '= < i:a > x:` \' " < / i:a > ; i:b'],
    ['a comparison', 'a <b && c> d', 'i:a < i:b && i:c > i:d'],
    ['type parameters of an arrow function', '= <T,>(a: T) => a', '= < i:T , > ( i:a : i:T ) => i:a'],
    ['bounded ones', '= <T extends U>(a: T) => a', '= < i:T k:extends i:U > ( i:a : i:T ) => i:a'],
    ['type arguments of an element', '= <A<B> c="d" />', '= < i:A < i:B > i:c = s:"d" / >'],
    ['an attribute over lines', '= <a b="c\nd" />', '= < i:a i:b = s:"c\nd" / >'],
    ['a comment in a tag', '= <a /* b */ c />', '= < i:a i:c / >'],
  ])('%s', (_, source, expected) => {
    expect(texts(source, 'tsx')).toBe(expected)
  })

  test.each<[string, string, string]>([
    ['an arrow in what is no text', '= <T>(a) => b; `c`', 't:`c`'],
    ['a closing brace in what is no text', 'f(() => { = <T>a } ); `c`', 't:`c`'],
    ['a mark in what is no tag', 'if (<a; b) `c`', 't:`c`'],
    ['a quote in what is no tag', "= <a b='c\n; `d`", 't:`d`'],
  ])('code goes on after %s', (_, source, last) => {
    expect(texts(source, 'tsx').split(' ').at(-1)).toBe(last)
  })

  test('TypeScript without JSX has none', () => {
    expect(texts('= <T>a; b', 'typescript')).toBe('= < i:T > i:a ; i:b')
  })
})
