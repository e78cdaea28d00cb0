import type { InputError, ProblemCode } from '../schema/wire/problems.ts'

/** A request that is refused, with the code that the client branches on. Bugs are never refusals. */
export class Refusal extends Error {
  readonly code: ProblemCode
  readonly detail: string | undefined
  readonly errors: readonly InputError[] | undefined

  constructor(
    code: ProblemCode,
    more: { detail?: string; errors?: readonly InputError[]; cause?: unknown } = {},
  ) {
    super(more.detail ?? code, { cause: more.cause })
    this.name = 'Refusal'
    this.code = code
    this.detail = more.detail
    this.errors = more.errors
  }
}
