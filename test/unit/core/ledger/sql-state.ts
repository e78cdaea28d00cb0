/** What PostgreSQL said, under whatever wraps it. */
export async function sqlState(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work
  } catch (error) {
    let cause: unknown = error
    while (cause instanceof Error && !('code' in cause && /^[0-9A-Z]{5}$/.test(String(cause.code))))
      cause = cause.cause
    return (cause as { code?: string } | undefined)?.code
  }
  return undefined
}
