import type { Provider } from '../../../schema/wire/money.ts'
import { decodeUtf8 } from '../../verify/encoding.ts'
import { parseStrictJson } from '../../verify/json.ts'
import { datadogTime, readDatadog } from './datadog.ts'
import { readDeploy, readIncident } from './generic.ts'
import { githubTime, readGithub } from './github.ts'
import { pagerdutyTime, readPagerduty } from './pagerduty.ts'
import { readSentry, sentryTime } from './sentry.ts'
import { type Told, UNREADABLE } from './told.ts'

interface Reader {
  read(payload: unknown, receivedAt: Date): Told
  /** What the signed body says of when it was sent; null when it says nothing. */
  time(payload: unknown): Date | null
  /** Whether that time is that of the sending, and not only of something that happened before. */
  readonly sentThen: boolean
}

const none = () => null

const READERS: Readonly<Record<Provider, Reader>> = {
  github: { read: readGithub, time: githubTime, sentThen: true },
  sentry: { read: readSentry, time: sentryTime, sentThen: false },
  pagerduty: { read: readPagerduty, time: pagerdutyTime, sentThen: true },
  datadog: { read: readDatadog, time: datadogTime, sentThen: true },
  deploy: { read: readDeploy, time: none, sentThen: false },
  incident: { read: readIncident, time: none, sentThen: false },
}

/** What a verified webhook tells. Never throws, whatever its body is. */
export function readDelivery(provider: Provider, body: Uint8Array, receivedAt: Date): Told {
  const payload = parse(body)
  return payload === undefined ? UNREADABLE : READERS[provider].read(payload, receivedAt)
}

/** The time that is under the signature; `sentThen` if it is that of the sending. Null for none. */
export function signedTime(provider: Provider, body: Uint8Array): { time: Date; sentThen: boolean } | null {
  const { time, sentThen } = READERS[provider]
  const signed = time(parse(body))
  return signed === null ? null : { time: signed, sentThen }
}

function parse(body: Uint8Array): unknown {
  const text = decodeUtf8(body)
  if (text === null) return undefined
  const parsed = parseStrictJson(text)
  return parsed.ok ? parsed.value : undefined
}
