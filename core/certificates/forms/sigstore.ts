import type { SignedCertificate } from '../../../schema/wire/certificate.ts'
import type { Signer } from '../../keys/vault.ts'
import { canonicalBytes } from '../../verify/canonical.ts'
import { toBase64, utf8 } from '../../verify/encoding.ts'

/** https://github.com/in-toto/attestation, spec/v1/statement.md */
const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1'
/** What the predicate is: the signed members of a certificate, docs/certificate-format.md. */
export const PREDICATE_TYPE = 'https://coderisk.com/attestations/certificate/v1'
export const DSSE_PAYLOAD_TYPE = 'application/vnd.in-toto+json'
const BUNDLE_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json'

/** A Sigstore bundle, version 0.3, around a DSSE envelope that one public key verifies. */
export interface SigstoreBundle {
  readonly mediaType: typeof BUNDLE_MEDIA_TYPE
  readonly verificationMaterial: { readonly publicKey: { readonly hint: string } }
  readonly dsseEnvelope: {
    /** Base64: RFC 8785 bytes of the statement. */
    readonly payload: string
    readonly payloadType: typeof DSSE_PAYLOAD_TYPE
    /** Without `keyid`: cosign finds no signature in an envelope that has an ordinary one. */
    readonly signatures: readonly [{ readonly sig: string }]
  }
}

/** A file that was certified, by its name in `files_changed`. */
export interface CertifiedFile {
  readonly name: string
  readonly sha256: string
}

/**
 * A certificate as an in-toto statement about the code that it names, for cosign and whoever reads its bundles.
 *
 * @param files whose contents were sent; each is a subject of its own
 */
export async function sigstoreBundle(
  signer: Signer,
  certificate: SignedCertificate,
  files: readonly CertifiedFile[],
): Promise<SigstoreBundle> {
  const payload = canonicalBytes(inTotoStatement(certificate, files))
  const signature = await signer.sign(preAuthenticationEncoding(DSSE_PAYLOAD_TYPE, payload))
  return {
    mediaType: BUNDLE_MEDIA_TYPE,
    verificationMaterial: { publicKey: { hint: signer.kid } },
    dsseEnvelope: {
      payload: toBase64(payload),
      payloadType: DSSE_PAYLOAD_TYPE,
      signatures: [{ sig: toBase64(signature) }],
    },
  }
}

/**
 * The first subject is the code as a whole, then each of its files. A commit stands only beside the hash of the code,
 * since nothing but the caller's word says that the one holds the other.
 */
function inTotoStatement(certificate: SignedCertificate, files: readonly CertifiedFile[]) {
  const { code_hash, commit_sha, repository, certificate_id } = certificate
  const name = repository && commit_sha ? `${repository}@${commit_sha}` : certificate_id
  const digest = { sha256: code_hash, ...(commit_sha === undefined ? {} : { gitCommit: commit_sha }) }
  return {
    _type: STATEMENT_TYPE,
    subject: [
      { name, digest },
      ...files.map((file) => ({ name: file.name, digest: { sha256: file.sha256 } })),
    ],
    predicateType: PREDICATE_TYPE,
    predicate: certificate,
  }
}

/** DSSE v1: `DSSEv1`, and type and body, each behind its length in bytes; all parted by single spaces. */
export function preAuthenticationEncoding(type: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = utf8(`DSSEv1 ${utf8(type).length} ${type} ${body.length} `)
  const whole = new Uint8Array(head.length + body.length)
  whole.set(head)
  whole.set(body, head.length)
  return whole
}
