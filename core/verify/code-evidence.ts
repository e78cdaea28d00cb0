import type { SignedCertificate } from '../../schema/wire/certificate.ts'
import { type CheckOutcome, failed, indeterminate, PASSED } from './checks.ts'
import { hashCode, hashFiles } from './code-hash.ts'
import type { Examined } from './examine.ts'

/** Code to compare with what was certified: one piece, or files with their true paths. */
export type GivenCode = { readonly code: string | Uint8Array } | GivenFiles

export interface GivenFiles {
  readonly files: readonly GivenFile[]
  /** Paths that are there and are nothing that is certified, such as binary files: they are not missing. */
  readonly skipped?: readonly string[]
}

export interface GivenFile {
  /** Relative to where the certificate's paths begin, with forward slashes, NFC. */
  readonly path: string
  /** Text stands for its UTF-8 bytes. */
  readonly content: string | Uint8Array
}

/** What comparing the code came to. */
export interface CodeEvidence {
  readonly outcome: CheckOutcome
  /** SHA-256, hex, of the code that was given, made as the certificate says; null where that could not be. */
  readonly computed: string | null
}

/**
 * Compares code with the certificate's `code_hash`. Exactly what is given is hashed: a file more or less is other code.
 * A single file also stands for a certificate of one piece of code, which has no path.
 */
export async function examineCode(
  { certificate, signature }: Examined,
  given: GivenCode,
): Promise<CodeEvidence> {
  if (certificate === null) return { outcome: indeterminate(signature.reason ?? 'malformed'), computed: null }
  const { code_hash, code_hash_method: method } = certificate as Partial<SignedCertificate>
  const known = method === 'sha256' || method === 'sha256-manifest'
  if (typeof code_hash !== 'string' || !known) return { outcome: failed('code_hash_missing'), computed: null }
  const computed = await compute(given, method)
  if (computed === code_hash) return { outcome: PASSED, computed }
  const missing = 'files' in given && method === 'sha256-manifest' && lacksFiles(certificate, given)
  return { outcome: failed(missing ? 'code_files_missing' : 'code_hash_mismatch'), computed }
}

async function compute(
  given: GivenCode,
  method: SignedCertificate['code_hash_method'],
): Promise<string | null> {
  if (method === 'sha256-manifest') return 'files' in given ? hashFiles(given.files) : null
  if ('code' in given) return hashCode(given.code)
  const [file, ...more] = given.files
  return file === undefined || more.length > 0 ? null : hashCode(file.content)
}

/** Hashed paths tell nobody which files are missing. */
function lacksFiles(certificate: SignedCertificate, { files, skipped = [] }: GivenFiles): boolean {
  if (certificate.path_privacy !== 'plain' || !Array.isArray(certificate.files_changed)) return false
  const there = new Set([...files.map(({ path }) => path), ...skipped])
  const deleted = new Set(certificate.files_deleted ?? [])
  return certificate.files_changed.some((path) => !there.has(path) && !deleted.has(path))
}
