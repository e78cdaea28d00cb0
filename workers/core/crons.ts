/** The schedules of `wrangler.toml`; a test holds the two together. */
export const CRONS = {
  /** Status lists that are due, and the outbox as a backstop to publication right after each change. */
  outbox: '* * * * *',
  sweep: '*/5 * * * *',
  /** Key rotation, trust root renewal, clean-up. */
  hourly: '17 * * * *',
  /** The books against the rows, and on the first of a month the actuarial review. */
  nightly: '41 2 * * *',
} as const
