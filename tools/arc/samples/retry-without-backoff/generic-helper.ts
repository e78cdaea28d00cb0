export async function retry<T>(
  fn: () => Promise<T>,
  times: number,
): Promise<T> {
  try {
    return await fn();
  } catch (error) {
    if (times <= 1) throw error;
    return retry(fn, times - 1);
  }
}
