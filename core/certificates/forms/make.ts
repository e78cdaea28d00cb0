import { sql } from 'drizzle-orm'
import { certificateFormObject } from '../../../schema/kv.ts'
import type { SignedCertificate } from '../../../schema/wire/certificate.ts'
import type { CertificateForm } from '../../../schema/wire/vocabulary.ts'
import type { Context, Transaction } from '../../context.ts'
import { activeSigner } from '../../keys/active-signer.ts'
import type { FlattenedJws, Signer } from '../../keys/vault.ts'
import type { ObjectStore } from '../../publication/store.ts'
import { Refusal } from '../../refusal.ts'
import { canonicalText } from '../../verify/canonical.ts'
import { utf8 } from '../../verify/encoding.ts'
import { decodeText } from '../../verify/reading.ts'
import { certificateJws } from './jws.ts'
import { type CertifiedFile, type SigstoreBundle, sigstoreBundle } from './sigstore.ts'

/** A key may be retired between its signature and the row; the next attempt takes the next key. */
const MAX_ATTEMPTS = 2

type Document = FlattenedJws | SigstoreBundle

/**
 * A certificate in another signed form, JSON text. It is made with the active key when it is first asked for, and is the
 * same bytes ever after: of several who make it at once, the first to record theirs wins. An expired certificate has
 * its forms; a revoked one has none any more, since those who read them may never ask for its status. One that a key
 * signed which is compromised by now is made anew. A certificate whose own key is compromised has its forms only if the
 * log had it before: a good key must not vouch for what its own signature no longer does.
 *
 * @throws {Refusal} `certificate_not_found`, for a test certificate too; `certificate_revoked`, `certificate_invalid`,
 *   `signing_unavailable`
 */
export async function certificateForm(ctx: Context, id: string, form: CertificateForm): Promise<string> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const { signed, files, kept, compromised } = await ctx.database.asSystem((tx) => load(tx, id, form))
    const isWorthless = kept !== null && compromised.includes(kidOf(kept))
    if (kept !== null && !isWorthless) return canonicalText(kept)
    const signer = await activeSigner(ctx)
    const document = await MAKE[form](signer, { signed: new Uint8Array(signed), files: files ?? [] }, ctx.now)
    const made = { id, form, kid: signer.kid, document, inPlaceOf: kept }
    const won = await ctx.database.asSystem((tx) => keep(ctx, tx, made))
    if (won !== null) return canonicalText(won)
  }
  throw new Refusal('signing_unavailable')
}

/** Puts a form where the edge finds it from now on. A lost put costs no more than asking again. */
export async function publishForm(
  objects: ObjectStore,
  id: string,
  form: CertificateForm,
  text: string,
): Promise<void> {
  await objects.put(certificateFormObject(id, form), utf8(text), { contentType: 'application/json' })
}

const MAKE: Readonly<
  Record<CertificateForm, (signer: Signer, source: Source, now: Date) => Promise<Document>>
> = {
  jws: (signer, { signed }, now) => certificateJws(signer, signed, now),
  sigstore: (signer, { signed, files }) =>
    sigstoreBundle(signer, JSON.parse(new TextDecoder().decode(signed)) as SignedCertificate, files),
}

interface Source {
  readonly signed: Uint8Array<ArrayBuffer>
  readonly files: readonly CertifiedFile[]
}

interface LoadedRow extends Record<string, unknown> {
  readonly livemode: boolean
  readonly revoked: boolean
  /** Its key is compromised, and the log did not have it before. */
  readonly worthless: boolean
  readonly signed: Uint8Array
  /** Null for certificates from before digests were kept. */
  readonly files: CertifiedFile[] | null
  readonly kept: Document | null
  /** Keys of no worth any more: few, if any. */
  readonly compromised: readonly string[]
}

async function load(tx: Transaction, id: string, form: CertificateForm): Promise<LoadedRow> {
  const [row] = await tx.execute<LoadedRow>(sql`
    SELECT c.livemode, c.revoked_at IS NOT NULL AS revoked,
      k.state = 'compromised' AND NOT coalesce(log_place(c.leaf_hash) < k.compromised_log_index, false) AS worthless, c.signed, c.report->'file_digests' AS files, f.document AS kept,
      (SELECT coalesce(jsonb_agg(kid), '[]') FROM signing_keys WHERE state = 'compromised') AS compromised
    FROM certificates c JOIN signing_keys k ON k.kid = c.key_id
    LEFT JOIN certificate_forms f ON f.certificate_id = c.id AND f.form = ${form}
    WHERE c.id = ${id}`)
  if (!row?.livemode) throw new Refusal('certificate_not_found')
  if (row.revoked) throw new Refusal('certificate_revoked')
  if (row.worthless) throw new Refusal('certificate_invalid')
  return row
}

/** The key that signed it. */
function kidOf(document: Document): string {
  if (!('protected' in document)) return document.verificationMaterial.publicKey.hint
  return (JSON.parse(decodeText(document.protected)!) as { kid: string }).kid
}

/**
 * The key's row is held until the form is recorded: whoever declares the key compromised waits for the form or prevents it.
 *
 * @returns what is kept by now, ours or another's; null if the key or the certificate has lost its force meanwhile
 */
async function keep(
  ctx: Context,
  tx: Transaction,
  made: { id: string; form: CertificateForm; kid: string; document: Document; inPlaceOf: Document | null },
): Promise<Document | null> {
  if (made.inPlaceOf !== null) {
    await tx.execute(sql`
      DELETE FROM certificate_forms
      WHERE certificate_id = ${made.id} AND form = ${made.form} AND document = ${JSON.stringify(made.inPlaceOf)}::jsonb`)
  }
  await tx.execute(sql`
    INSERT INTO certificate_forms (certificate_id, form, document, created_at)
    SELECT c.id, ${made.form}, ${JSON.stringify(made.document)}::jsonb, ${ctx.now.toISOString()}::timestamptz
    FROM certificates c, signing_keys k
    WHERE c.id = ${made.id} AND c.revoked_at IS NULL AND k.kid = ${made.kid} AND k.state = 'active'
    FOR SHARE OF k
    ON CONFLICT DO NOTHING`)
  const [row] = await tx.execute<{ document: Document }>(sql`
    SELECT f.document FROM certificate_forms f JOIN certificates c ON c.id = f.certificate_id
    WHERE f.certificate_id = ${made.id} AND f.form = ${made.form} AND c.revoked_at IS NULL`)
  return row?.document ?? null
}
