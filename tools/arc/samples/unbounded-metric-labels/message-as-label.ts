export function recordError(error: Error, url: string): void {
  metrics.increment('errors', 1, {
    message: error.message,
    url,
    stack: error.stack,
  });
}
