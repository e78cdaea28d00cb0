import { parseDecimal } from '../../core/verify/log/text.ts'
import type { InputError } from '../../schema/wire/problems.ts'

/** How one parameter is read; null for what it cannot be. */
interface Parameter<Value> {
  readonly read: (text: string) => Value | null
  /** What it must be, in words. */
  readonly rule: string
}

type Parameters = Readonly<Record<string, Parameter<unknown>>>

type Values<P extends Parameters> = {
  readonly [Name in keyof P]: P[Name] extends Parameter<infer Value> ? Value | undefined : never
}

const MAX_SHOWN_NAME = 64

/** An integer in decimal, from `minimum` to `maximum`. */
export function integer(minimum: number, maximum: number = Number.MAX_SAFE_INTEGER): Parameter<number> {
  const range =
    maximum === Number.MAX_SAFE_INTEGER ? `of ${minimum} or more` : `from ${minimum} to ${maximum}`
  return {
    read: (text) => {
      const value = parseDecimal(text)
      return value !== null && value >= minimum && value <= maximum ? value : null
    },
    rule: `must be an integer ${range}`,
  }
}

/**
 * Reads a query of which every parameter is known and given once.
 *
 * @returns the values, undefined where one was not given, or every fault
 */
export function readQuery<P extends Parameters>(
  query: URLSearchParams,
  parameters: P,
): { readonly ok: true; readonly values: Values<P> } | { readonly ok: false; readonly errors: InputError[] } {
  const errors: InputError[] = []
  const values = new Map<string, unknown>()
  for (const [name, text] of query) {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined
    const value = parameter?.read(text) ?? null
    if (parameter === undefined)
      errors.push({ path: name.slice(0, MAX_SHOWN_NAME), message: 'is not a parameter' })
    else if (values.has(name)) errors.push({ path: name, message: 'is given more than once' })
    else if (value === null) errors.push({ path: name, message: parameter.rule })
    values.set(name, value)
  }
  if (errors.length > 0) return { ok: false, errors }
  return { ok: true, values: Object.fromEntries(values) as Values<P> }
}
