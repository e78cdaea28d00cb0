import type { Provider } from '../../schema/wire/money.ts'
import type { Random } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { toBase64, toHex } from '../verify/encoding.ts'
import { SECRET_PREFIX, secretBytes } from './webhook-signature.ts'

const SECRET_BYTES = 32
/** These sign with a secret that they make themselves. */
const THEIRS: readonly Provider[] = ['sentry', 'pagerduty']
const STANDARD: readonly Provider[] = ['deploy', 'incident']

/**
 * What an integration's webhooks are to be signed with.
 *
 * @param given by the customer
 * @returns `made` when it was made here, and has to be shown
 * @throws {Refusal} `invalid_input` when the provider has one of its own and it is not given, or it is none for the provider
 */
export function chooseSecret(
  random: Random,
  provider: Provider,
  given: string | undefined,
): { readonly secret: string; readonly made: boolean } {
  if (given !== undefined) {
    refuseUnfit(provider, given)
    return { secret: given, made: false }
  }
  if (THEIRS.includes(provider)) throw refusal('is required: the provider gives it')
  const bytes = random.bytes(SECRET_BYTES)
  const secret = STANDARD.includes(provider) ? SECRET_PREFIX + toBase64(bytes) : toHex(bytes)
  return { secret, made: true }
}

/** @throws {Refusal} `invalid_input` */
export function refuseUnfit(provider: Provider, secret: string): void {
  if (STANDARD.includes(provider) && secretBytes(secret) === null) {
    throw refusal('must be whsec_ and the base64 of 24 to 64 bytes')
  }
}

function refusal(message: string): Refusal {
  return new Refusal('invalid_input', { errors: [{ path: 'secret', message }] })
}
