import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../../source-view.ts'
import { calledName, calledOn, lastName, tailOf } from '../go-java/nodes.ts'
import { nodes, type Subject } from '../go-java/rule.ts'
import { isParameter, visibleValues } from '../go-java/scope.ts'

/** Calls of functions and methods of these names, whatever they belong to. */
export function callsNamed(...names: readonly string[]): Subject {
  return nodes('call_expression', ...names)
}

/** The paths of the imported packages by the names that they have in the source. */
function packagesOf(source: SourceView): ReadonlyMap<string, string> {
  const known = packages.get(source)
  if (known !== undefined) return known
  const made = new Map<string, string>()
  for (const declaration of source.root.namedChildren) {
    if (declaration.type !== 'import_declaration') continue
    for (const spec of declaration.descendantsOfType('import_spec')) {
      const path = spec.childForFieldName('path')?.text.slice(1, -1) ?? ''
      made.set(spec.childForFieldName('name')?.text ?? packageName(path), path)
    }
  }
  packages.set(source, made)
  return made
}

const packages = new WeakMap<SourceView, ReadonlyMap<string, string>>()

/** `jwt` of `github.com/golang-jwt/jwt/v5`, `yaml` of `gopkg.in/yaml.v3`, `ldap` of `github.com/go-ldap/ldap`. */
function packageName(path: string): string {
  const parts = path.split('/')
  const last = /^v\d+$/.test(parts.at(-1)!) && parts.length > 1 ? parts.at(-2)! : parts.at(-1)!
  return last.replace(/\.v\d+$/, '').replace(/^go-|-go$/, '')
}

/**
 * The path of the package that a name stands for: `os/exec` of `exec`. Null for what is no package. Where no import is
 * to be seen, as in a later part of a long file, it is the last part of the path: what the name stands for by custom.
 */
export function packageOf(name: Node, source: SourceView): string | null {
  if (name.type !== 'identifier' && name.type !== 'package_identifier') return null
  const known = packagesOf(source)
  const path = known.get(name.text)
  if (path === undefined && known.size > 0) return null
  // What is written to (`io.WriteString(w, page)`) need not be a variable.
  const isVariable = visibleValues(name, source).some(({ parent }) => parent?.type !== 'argument_list')
  return isVariable ? null : (path ?? name.text)
}

/** The package of a called function, `crypto/md5` of `md5.Sum(…)`; null for methods and bare functions. */
export function calledPackage(call: Node, source: SourceView): string | null {
  const object = calledOn(call)
  return object === null ? null : packageOf(object, source)
}

/** Whether a function of one of these packages is called; each is a path, or the last part of one. */
export function isCallOf(call: Node, source: SourceView, ...paths: readonly string[]): boolean {
  const found = calledPackage(call, source)
  return found !== null && paths.some((path) => isPackage(found, path))
}

/** Whether a path is the package: in full, by its end, or in any major version. */
export function isPackage(found: string, path: string): boolean {
  if (found === path || found === path.split('/').at(-1)) return true
  const plain = found.replace(/\/v\d+$|\.v\d+$/, '')
  return plain === path || (plain.endsWith(`/${path}`) && !path.includes('/'))
}

export function importsPackage(source: SourceView, test: RegExp): boolean {
  return [...packagesOf(source).values()].some((path) => test.test(path))
}

/** The declared type of a name: of a parameter, a variable, or of the literal that it is bound to. */
export function typeOf(name: Node, source: SourceView): string {
  for (const value of visibleValues(name, source)) {
    const literal = value.type === 'unary_expression' ? value.childForFieldName('operand') : value
    if (isParameter(value) || literal?.type === 'composite_literal') {
      return literal?.childForFieldName('type')?.text.replace(/^\*/, '') ?? ''
    }
    if (value.type === 'var_spec') return value.childForFieldName('type')?.text.replace(/^\*/, '') ?? ''
  }
  return ''
}

/** The receiver's declaration, of a parameter that is one. */
export function isReceiver(parameter: Node): boolean {
  const list = parameter.parent
  const method = list?.parent
  return method?.type === 'method_declaration' && method.childForFieldName('receiver')?.id === list?.id
}

/** `pkg.Function` or `.Method` or `function`, for regular expressions. */
export function dottedName(call: Node): string {
  const object = calledOn(call)
  if (object === null) return calledName(call)
  return `${object.type === 'identifier' ? tailOf(object) : ''}.${calledName(call)}`
}

/** The value of a field of a composite literal: `Secure` of `http.Cookie{Secure: true}`. */
export function fieldOf(literal: Node, name: string): Node | null {
  const body = literal.childForFieldName('body')
  for (const element of body?.namedChildren ?? []) {
    if (element.type !== 'keyed_element') continue
    const [key, value] = element.namedChildren
    if (key?.text === name && value !== undefined) return value.firstNamedChild ?? value
  }
  return null
}

/** The names that a value is given at once: of variables, of a field, or of the function that returns it. */
export function namesGiven(value: Node): string[] {
  let part = value
  for (let i = 0; i < 12; i++) {
    const parent = part.parent
    if (parent === null) return []
    switch (parent.type) {
      case 'short_var_declaration':
      case 'assignment_statement':
        return parent.childForFieldName('left')!.namedChildren.map(lastName)
      case 'var_spec':
      case 'const_spec':
        return parent.childrenForFieldName('name').map((name) => name?.text ?? '')
      case 'keyed_element':
        return [parent.firstNamedChild!.text.replace(/^"|"$/g, '')]
      case 'block':
      case 'source_file':
        return []
    }
    part = parent
  }
  return []
}
