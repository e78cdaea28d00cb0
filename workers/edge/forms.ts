import { canonicalText } from '../../core/verify/canonical.ts'
import { fromBase64 } from '../../core/verify/encoding.ts'
import { examineJws } from '../../core/verify/examine.ts'
import { parseStrictJson } from '../../core/verify/json.ts'
import { decodeText, isRecord } from '../../core/verify/reading.ts'
import { isFlattenedJws } from '../../core/verify/trust-root.ts'
import { certificateFormObject } from '../../schema/kv.ts'
import { PROBLEMS, type ProblemCode } from '../../schema/wire/problems.ts'
import type { CertificateForm } from '../../schema/wire/vocabulary.ts'
import { BoundedMap } from './bounded-map.ts'
import type { HeldCertificate } from './certificates.ts'
import { within } from './deadline.ts'
import type { EdgeEnv } from './env.ts'
import { count } from './metrics.ts'
import { readObject } from './objects.ts'
import { isLimited } from './rate-limits.ts'
import { trustRootWith } from './trust.ts'

export type FoundForm =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly code: ProblemCode }

/** The largest certificate has 500 paths of 1,024 characters; base64 adds a third. */
const MAX_FORM_BYTES = 4 * 1024 * 1024
const MEMORY_BUDGET_BYTES = 8 * 1024 * 1024
/** Making one takes a signature and two transactions. */
const CORE_WAIT_MS = 5_000

/** Forms are made once, so what was checked stays right for as long as its key does. */
const memory = new BoundedMap<{ readonly text: string; readonly trustRootVersion: number }>(
  MEMORY_BUDGET_BYTES,
)

/**
 * Another signed form of a certificate that is not revoked: from this isolate's memory, else from R2, else made by the
 * core. It is answered only if it is of this certificate.
 *
 * @param client who is asking; the core is asked at a limited rate per client
 */
export async function signedForm(
  env: EdgeEnv,
  held: HeldCertificate,
  form: CertificateForm,
  client: string,
  now: number,
): Promise<FoundForm> {
  const name = `${held.id}.${form}`
  const known = memory.get(name)
  if (known?.trustRootVersion === held.trustRootVersion) return { ok: true, text: known.text }
  const stored = await readObject(env, certificateFormObject(held.id, form), MAX_FORM_BYTES)
  const text = stored.ok ? new TextDecoder().decode(stored.bytes) : null
  const found: FoundForm =
    text !== null && (await isOf(env, held, form, text, now))
      ? { ok: true, text }
      : await askCore(env, held, form, client, now)
  if (found.ok)
    memory.set(name, { text: found.text, trustRootVersion: held.trustRootVersion }, found.text.length)
  return found
}

async function askCore(
  env: EdgeEnv,
  held: HeldCertificate,
  form: CertificateForm,
  client: string,
  now: number,
): Promise<FoundForm> {
  if (await isLimited(env, 'RATE_LIMIT_MISS', client)) return { ok: false, code: 'rate_limited' }
  try {
    const made = await within(CORE_WAIT_MS, Promise.resolve(env.CORE_READS.form(held.id, form)))
    if (!made.ok) return { ok: false, code: made.code in PROBLEMS ? made.code : 'core_unavailable' }
    const isRight = await isOf(env, held, form, made.text, now)
    return isRight ? { ok: true, text: made.text } : { ok: false, code: 'core_unavailable' }
  } catch {
    count('coderisk_edge_core_failures_total')
    return { ok: false, code: 'core_unavailable' }
  }
}

async function isOf(
  env: EdgeEnv,
  held: HeldCertificate,
  form: CertificateForm,
  text: string,
  now: number,
): Promise<boolean> {
  const parsed = parseStrictJson(text)
  const holds = parsed.ok && (await CHECKS[form](env, held, parsed.value, now))
  if (!holds) count('coderisk_edge_form_rejected_total')
  return holds
}

type Check = (env: EdgeEnv, held: HeldCertificate, value: unknown, now: number) => Promise<boolean>

const CHECKS: Readonly<Record<CertificateForm, Check>> = {
  /** Over the very bytes that the certificate's own signature is over, by a key in force when it was made. */
  async jws(env, { record }, value, now) {
    if (!isFlattenedJws(value) || decodeText(value.payload) !== record.signed) return false
    const root = await trustRootWith(env, kidOf(value.protected), now)
    if (root === null) return false
    const { signature, keyValidity } = await examineJws(value, root.trustRoot)
    return signature.result === 'passed' && keyValidity.result === 'passed'
  },
  /** Its statement is about the very certificate, by a key that is not compromised. Who verifies it verifies the signature. */
  async sigstore(env, { record }, value, now) {
    if (!isRecord(value) || !(await isKeyInForce(env, hintOf(value), now))) return false
    const payload = isRecord(value.dsseEnvelope) ? value.dsseEnvelope.payload : undefined
    const bytes = typeof payload === 'string' ? fromBase64(payload) : null
    const statement = bytes && parseStrictJson(new TextDecoder().decode(bytes))
    if (!statement?.ok || !isRecord(statement.value)) return false
    return isCanonically(statement.value.predicate, record.signed)
  },
}

/** What has no canonical form, such as half a surrogate pair, is no certificate. */
function isCanonically(value: unknown, signed: string): boolean {
  try {
    return canonicalText(value) === signed
  } catch {
    return false
  }
}

async function isKeyInForce(env: EdgeEnv, kid: string, now: number): Promise<boolean> {
  const root = await trustRootWith(env, kid, now)
  const key = root?.trustRoot.keys.find((candidate) => candidate.kid === kid)
  return key !== undefined && key.state !== 'compromised'
}

function hintOf({ verificationMaterial: material }: Record<string, unknown>): string {
  const key = isRecord(material) ? material.publicKey : undefined
  return isRecord(key) ? String(key.hint) : ''
}

function kidOf(header: string): string {
  const parsed = parseStrictJson(decodeText(header) ?? '')
  return parsed.ok && isRecord(parsed.value) ? String(parsed.value.kid) : ''
}
