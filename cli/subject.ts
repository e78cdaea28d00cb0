import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { text as readAll } from 'node:stream/consumers'
import { fromBase64Url, parseStrictJson } from '../core/verify/index.ts'
import { CERTIFICATE_ID_PATTERN } from '../schema/wire/vocabulary.ts'
import { inputFailure } from './failure.ts'

/** What is to be verified: a certificate that the network has, or one that is here. */
export type Subject =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'document'; readonly text: string }

/** What a certificate says of its code; believe it only of a certificate that verifies. */
export interface CodeClaim {
  readonly code_hash: string
  readonly code_hash_method: 'sha256' | 'sha256-manifest'
  readonly files_changed: readonly string[]
  readonly path_privacy: 'plain' | 'hashed'
}

const MAX_DOCUMENT_BYTES = 8 * 1024 * 1024
/** `/certs/ID`, `/badges/ID.svg`, `/v1/trust/certs/ID/verify`: the id is a whole segment of the path. */
const ID_IN_PATH = /\/(?:certs|badges)\/(CERT-\d{4}-[0-9a-z]{16})(?:\.[a-z.]+)?(?:\/|$)/i

/** @param name a certificate's id, the URL of its page or badge, a file, or `-` for stdin */
export async function readSubject(name: string, cwd: string): Promise<Subject> {
  if (/^https?:\/\//i.test(name)) return { kind: 'id', id: idOfUrl(name) }
  const id = normaliseId(name)
  if (id !== null) return { kind: 'id', id }
  return { kind: 'document', text: unwrap(await readDocument(name, cwd)) }
}

/** Only the id counts: asking the URL's own host would let a stranger's page vouch for itself. */
function idOfUrl(url: string): string {
  const path = URL.canParse(url) ? new URL(url).pathname : ''
  const id = normaliseId(ID_IN_PATH.exec(path)?.[1] ?? '')
  if (id === null) throw inputFailure(`${url} is not the URL of a certificate's page or badge`)
  return id
}

/** Ids are lower case after `CERT-`; what was read aloud or typed in capitals is the same id. */
function normaliseId(text: string): string | null {
  const id = text.slice(0, 5).toUpperCase() + text.slice(5).toLowerCase()
  return CERTIFICATE_ID_PATTERN.test(id) ? id : null
}

async function readDocument(name: string, cwd: string): Promise<string> {
  if (name === '-') return limited(await readAll(process.stdin), 'stdin')
  const text = await readFile(resolve(cwd, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw inputFailure(`${name} cannot be read (${error.code})`)
    throw inputFailure(
      /^cert-/i.test(name)
        ? `${name} is not a certificate id (CERT-YYYY- and 16 characters), nor a file`
        : `${name} is neither a certificate id nor a file`,
    )
  })
  return limited(text, name)
}

function limited(text: string, name: string): string {
  if (text.length <= MAX_DOCUMENT_BYTES) return text
  throw inputFailure(`${name} is too large to be a certificate`)
}

/** The document that `certify --json` prints holds the certificate as one of its members. */
function unwrap(text: string): string {
  const parsed = parseStrictJson(text)
  if (!parsed.ok || !isRecord(parsed.value)) return text
  const { certificate, signature } = parsed.value
  return signature === undefined && isRecord(certificate) ? JSON.stringify(certificate) : text
}

/** @returns null when the document is no certificate, or names no code */
export function claimOfDocument(text: string): CodeClaim | null {
  const parsed = parseStrictJson(text)
  if (!parsed.ok || !isRecord(parsed.value)) return null
  const { payload } = parsed.value
  if (typeof payload !== 'string') return claimOf(parsed.value)
  const bytes = fromBase64Url(payload)
  const inner = parseStrictJson(bytes === null ? '' : new TextDecoder().decode(bytes))
  return inner.ok ? claimOf(inner.value) : null
}

export function claimOf(certificate: unknown): CodeClaim | null {
  if (!isRecord(certificate)) return null
  const { code_hash, code_hash_method, files_changed, path_privacy } = certificate
  const methodKnown = code_hash_method === 'sha256' || code_hash_method === 'sha256-manifest'
  if (typeof code_hash !== 'string' || !methodKnown) return null
  return {
    code_hash,
    code_hash_method,
    files_changed: Array.isArray(files_changed)
      ? files_changed.filter((path) => typeof path === 'string')
      : [],
    path_privacy: path_privacy === 'hashed' ? 'hashed' : 'plain',
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
