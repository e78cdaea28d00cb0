import type { JWK } from 'jose'
import { examineBundle, parseBundle } from '../../../core/verify/bundle.ts'
import { examineText } from '../../../core/verify/examine.ts'
import type { TrustRoot } from '../../../core/verify/trust-root.ts'
import type { EdgeRequest } from '../request.ts'
import { json, publicProblem } from '../respond.ts'
import { trustRoot, trustRootWith } from '../trust.ts'
import { decideBundle, decideExamined, describeVerification, undecided } from '../verification.ts'

const MAX_BYTES = 2 * 1024 * 1024
const KID = /key-\d{6}-[0-9a-f]{8}/

/**
 * `POST /v1/trust/verify-signature`: a verdict on a certificate, a flattened JWS of one, or an offline bundle, that the
 * caller holds. Any text gets one; what is no certificate is `invalid: malformed`.
 */
export async function verifySignature(edge: EdgeRequest): Promise<Response> {
  const text = await readText(edge.request)
  if (text === 'too_large')
    return publicProblem('body_too_large', edge.id, { detail: `At most ${MAX_BYTES} bytes are taken.` })
  if (text === 'not_utf8') return publicProblem('invalid_encoding', edge.id)
  const kid = KID.exec(text.value)?.[0]
  const root = await (kid === undefined
    ? trustRoot(edge.env, edge.now)
    : trustRootWith(edge.env, kid, edge.now))
  const { examined, ...decision } =
    root === null ? undecided(edge.env, edge.now) : await judge(edge, text.value, root.trustRoot)
  return json(JSON.stringify(await describeVerification(edge.env, examined, decision)))
}

async function judge(edge: EdgeRequest, text: string, root: TrustRoot) {
  const { env, waitUntil, now } = edge
  const bundle = parseBundle(text)
  if (bundle === null) {
    const examined = await examineText(text, root)
    return { examined, ...(await decideExamined(env, waitUntil, examined, now)) }
  }
  const rootKey = JSON.parse(env.NETWORK_ROOT_PUBLIC_KEY) as JWK
  const whole = await examineBundle(bundle, { rootKey, now: new Date(now), trustRoot: root })
  return { examined: whole.examined, ...(await decideBundle(env, waitUntil, whole, now)) }
}

async function readText(request: Request): Promise<{ value: string } | 'too_large' | 'not_utf8'> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BYTES) return 'too_large'
  const bytes = await readAtMost(request, MAX_BYTES)
  if (bytes === null) return 'too_large'
  try {
    return { value: new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes) }
  } catch {
    return 'not_utf8'
  }
}

async function readAtMost(request: Request, maximum: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > maximum) return null
    chunks.push(chunk)
  }
  const whole = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.length
  }
  return whole
}
