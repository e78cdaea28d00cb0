/** Writes one JSON line: what went wrong, with ids to find it by. Successful reads are in the platform's own logs. */
export function logLine(
  level: 'warn' | 'error',
  message: string,
  fields: Readonly<Record<string, string | number>> = {},
): void {
  console.log(JSON.stringify({ time: new Date().toISOString(), level, message, ...fields }))
}
