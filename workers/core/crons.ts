/** The schedules of `wrangler.toml`; a test holds the two together. */
export const CRONS = {
  /** Status lists that are due, and the outbox as a backstop to publication right after each change. */
  outbox: '* * * * *',
  sweep: '*/5 * * * *',
  /** Key rotation, trust root renewal, clean-up. */
  hourly: '17 * * * *',
} as const
