import type { ProblemCode, ProblemDetails } from '../schema/wire/problems.ts'

/** A request that is refused, with the code that the client branches on. Bugs are never refusals. */
export class Refusal extends Error {
  readonly code: ProblemCode
  readonly details: ProblemDetails

  constructor(code: ProblemCode, more: ProblemDetails & { cause?: unknown } = {}) {
    const { cause, ...details } = more
    super(more.detail ?? code, { cause })
    this.name = 'Refusal'
    this.code = code
    this.details = details
  }

  get detail(): string | undefined {
    return this.details.detail
  }

  get errors(): ProblemDetails['errors'] {
    return this.details.errors
  }
}
