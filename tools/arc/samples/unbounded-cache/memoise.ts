export function memoise<A extends unknown[], R>(
  fn: (...args: A) => Promise<R>,
): (...args: A) => Promise<R> {
  const results: Record<string, Promise<R>> = {};
  return (...args) => {
    const key = JSON.stringify(args);
    if (!(key in results)) {
      results[key] = fn(...args);
    }
    return results[key]!;
  };
}
