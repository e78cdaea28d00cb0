/**
 * Waits no longer than `milliseconds`. What was begun goes on, and may still be done.
 *
 * @param who is named in the error: "no answer of …"
 * @throws when the time is over, or what `call` throws
 */
export async function within<T>(milliseconds: number, call: Promise<T>, who: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer of ${who} in ${milliseconds} ms`)), milliseconds)
  })
  try {
    return await Promise.race([call, late])
  } finally {
    clearTimeout(timer)
  }
}
