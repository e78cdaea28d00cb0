/** Variables of the core Worker that `npm start` takes over from its own environment. None of them goes to the edge. */
const NAMES = [
  'KEY_VAULT',
  'AWS_REGION',
  'AWS_KMS_ENDPOINT',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'LOG_ORIGIN',
  'LOG_WITNESS_POLICY',
  'LOG_WITNESS_FAILURE',
  'ANCHOR_RPC_URL',
  'ANCHOR_CONFIRMATIONS',
  'ANCHOR_PRIVATE_KEY',
  'PRICING_MODE',
  'INITIAL_CAPITAL_CENTS',
  'SUBSIDY_BUDGET_CENTS',
  'CERTIFICATE_FEE_CENTS',
  'CARRIER_NAME',
  'WEBHOOKS_ALLOW_LOOPBACK',
  'DOH_URL',
  'GITHUB_API_URL',
  'SENTRY_API_URL',
  'PAGERDUTY_API_URL',
  'STRIPE_API_URL',
  'STRIPE_PREMIUM_METER',
  'STRIPE_CERTIFICATE_METER',
  'STRIPE_SECRET_KEY',
  'STRIPE_WEBHOOK_SECRET',
] as const

export type CoreVariables = Partial<Record<(typeof NAMES)[number], string>>

/** @returns those that are set, and not to nothing */
export function coreVariables(environment: Readonly<Record<string, string | undefined>>): CoreVariables {
  const entries = NAMES.flatMap((name) => (environment[name] ? [[name, environment[name]] as const] : []))
  return Object.fromEntries(entries)
}
