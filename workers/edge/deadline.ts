/** Thrown when something did not answer in time. */
export class DeadlinePassed extends Error {}

/** Waits for `work` at most `milliseconds`. The work itself goes on; nothing of it can be cancelled over a binding. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlinePassed()), milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
