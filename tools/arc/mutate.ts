import { stripTypeScriptTypes } from 'node:module'
import { API_NAMES, API_WORDS } from '../../core/analysis/similarity/api-names.ts'
import { TokenKind, tokenise, tokenText } from '../../core/analysis/source/tokens.ts'
import { type Family, familyOf } from './corpus.ts'
import type { Sample } from './samples.ts'

/** What another author may have done differently with the same code. Null where it cannot be done to a sample. */
export const MUTATIONS: Readonly<Record<string, (sample: Sample) => string | null>> = {
  'other names': (sample) => rename(sample),
  'other numbers and strings': (sample) => changeLiterals(sample),
  'other layout': (sample) => reformat(sample),
  'in the middle of other code': (sample) => embed(sample),
  'a statement after 15 % of the lines': (sample) => insert(sample, 0.15),
  'a statement after 30 % of the lines': (sample) => insert(sample, 0.3),
  'a statement after 50 % of the lines': (sample) => insert(sample, 0.5),
  'without types': (sample) => stripTypes(sample),
  'other declarations': (sample) => redeclare(sample),
  'other names, literals, layout and 15 % more lines': (sample) =>
    [rename, changeLiterals, (s: Sample) => insert(s, 0.15), reformat].reduce<string>(
      (code, mutate) => mutate({ ...sample, code }),
      sample.code,
    ),
}

const STATEMENTS: Readonly<Record<Family, readonly string[]>> = {
  javascript: [
    "logger.info({ step }, 'next step');",
    'const began = Date.now();',
    'if (!ready) return;',
    'seen += 1;',
  ],
  python: [
    "logger.info('next step %s', step)",
    'began = time.monotonic()',
    'seen += 1',
    "metrics.increment('step')",
  ],
  go: ['log.Printf("next step %v", step)', 'began := time.Now()', 'seen++', 'metrics.Increment("step")'],
  java: [
    'log.info("next step {}", step);',
    'long began = System.nanoTime();',
    'seen++;',
    'metrics.increment("step");',
  ],
}
/** A line that a statement may follow, and one that may not come after it. */
const STATEMENT_END: Readonly<Record<Family, RegExp>> = {
  javascript: /[;{]$/,
  python: /[^,([{\\]$/,
  go: /[^,([.+|&]$/,
  java: /[;{]$/,
}
const CONTINUATION = /^\s*(?:[.)\]}@]|case\b|default\b|elif\b|else\b|except\b|finally\b|$)/

/**
 * All names but those of modules and types, and of the libraries' members, functions and options where they stand as
 * such: a variable called `client` is renamed, `pool.client` is not.
 */
function rename({ code, language }: Sample): string {
  const names = new Map<string, string>()
  return replaceTokens(code, language, (kind, text, before, after) => {
    if (kind !== TokenKind.identifier || API_NAMES.has(text)) return text
    const isOption = /[:=]/.test(after) && /[{(,]/.test(before)
    if (API_WORDS.has(text) && (/[.@]/.test(before) || after === '(' || isOption)) return text
    if (!names.has(text)) names.set(text, `${/^[A-Z]/.test(text) ? 'N' : 'n'}ame${names.size}`)
    return names.get(text)!
  })
}

/** SQL keeps its words: another statement is other code. */
function changeLiterals({ code, language }: Sample): string {
  return replaceTokens(code, language, (kind, text) => {
    if (kind === TokenKind.number) return '4711'
    if (kind !== TokenKind.string) return text
    return text.replace(/[a-z]{3,}/g, (word) => `${word}x`)
  })
}

function replaceTokens(
  code: string,
  language: Sample['language'],
  replace: (kind: number, text: string, before: string, after: string) => string,
): string {
  const tokens = tokenise(code, language)
  let result = ''
  let from = 0
  for (let i = 0; i < tokens.count; i++) {
    const before = i === 0 ? '' : tokenText(code, tokens, i - 1)
    const after = i + 1 === tokens.count ? '' : tokenText(code, tokens, i + 1)
    result += code.slice(from, tokens.start[i])
    result += replace(tokens.kind[i]!, tokenText(code, tokens, i), before, after)
    from = tokens.end[i]!
  }
  return result + code.slice(from)
}

/** Comments, blank lines and another indentation; where semicolons may be left out, they are. */
function reformat({ code, language }: Sample): string {
  const comment = language === 'python' ? '# what follows' : '// what follows'
  return code
    .split('\n')
    .map((line) => (familyOf(language) === 'javascript' ? line.replace(/;$/, '') : line))
    .map((line) => line.replace(/^[ \t]+/, (indentation) => indentation + indentation))
    .map((line, index) => (index % 4 === 3 && !line.includes('`') ? `${line}\n\n${comment}` : line))
    .join('\n')
}

function embed({ code, language }: Sample): string {
  const around = STATEMENTS[familyOf(language)].join('\n')
  return `${around}\n${around}\n${code}\n${around}\n${around}\n`
}

function insert({ code, language, file }: Sample, share: number): string {
  const family = familyOf(language)
  const lines = code.split('\n')
  // A sequence that is the same each time, and not the same for all samples.
  let state = file.length * 7919 + code.length
  return lines
    .flatMap((line, index) => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0
      const next = lines[index + 1] ?? ''
      const fits = STATEMENT_END[family].test(line.trim()) && !CONTINUATION.test(next)
      if (!fits || state / 2 ** 32 >= share) return [line]
      const statement = STATEMENTS[family][(state >>> 8) % STATEMENTS[family].length]!
      return [line, `${/^\s*/.exec(next)![0]}${statement}`]
    })
    .join('\n')
}

function stripTypes({ code, language }: Sample): string | null {
  if (language !== 'typescript') return null
  try {
    return stripTypeScriptTypes(code)
  } catch {
    // A sample is a part of a file, and not always one that stands alone.
    return null
  }
}

function redeclare({ code, language }: Sample): string | null {
  return familyOf(language) === 'javascript' ? code.replace(/\bconst\b/g, 'let') : null
}
