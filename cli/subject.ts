import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fromBase64Url, isBundleLike, parseStrictJson } from '../core/verify/index.ts'
import { BUNDLE_MEDIA_TYPE, CERTIFICATE_ID_PATTERN } from '../schema/wire/vocabulary.ts'
import { inputFailure } from './failure.ts'

/** What is to be verified: a certificate that the network has, one that is here, or offline bundles. */
export type Subject =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'document'; readonly text: string }
  | { readonly kind: 'bundles'; readonly bundles: readonly BundleFile[]; readonly folder: boolean }

/** Said to be a bundle; whether it is one, the kernel tells. */
export interface BundleFile {
  readonly name: string
  readonly text: string
}

/** What a certificate says of its code; believe it only of a certificate that verifies. */
export interface CodeClaim {
  readonly code_hash: string
  readonly code_hash_method: 'sha256' | 'sha256-manifest'
  readonly files_changed: readonly string[]
  readonly path_privacy: 'plain' | 'hashed'
}

const MAX_DOCUMENT_BYTES = 8 * 1024 * 1024
const MAX_BUNDLES = 1000
/** Of all bundles, in UTF-16 units: they are held together. */
const MAX_BUNDLES_LENGTH = 128 * 1024 * 1024
export const BUNDLE_SUFFIX = '.bundle.json'
/** Where bundles are looked for in a folder: beside its other files, and out of their way. */
const BUNDLE_FOLDERS = ['.', '.coderisk'] as const
/** `/certs/ID`, `/badges/ID.svg`, `/v1/trust/certs/ID/verify`: the id is a whole segment of the path. */
const ID_IN_PATH = /\/(?:certs|badges)\/(CERT-\d{4}-[0-9a-z]{16})(?:\.[a-z.]+)?(?:\/|$)/i

/** @param name a certificate's id, the URL of its page or badge, a file, a folder with bundles, or `-` for stdin */
export async function readSubject(name: string, cwd: string): Promise<Subject> {
  if (/^https?:\/\//i.test(name)) return { kind: 'id', id: idOfUrl(name) }
  const id = normaliseId(name)
  if (id !== null) return { kind: 'id', id }
  const found = name === '-' ? null : await stat(resolve(cwd, name)).catch(() => null)
  if (found?.isDirectory()) return { kind: 'bundles', bundles: await readFolder(name, cwd), folder: true }
  const text = await readDocument(name, cwd)
  if (saysBundle(name, text)) return { kind: 'bundles', bundles: [{ name, text }], folder: false }
  return { kind: 'document', text: unwrap(text) }
}

/** Adds one more. @throws {CommandFailure} (exit code 2) when they are too many, or too large together */
export function addBundle(bundles: BundleFile[], bundle: BundleFile): void {
  bundles.push(bundle)
  const length = bundles.reduce((sum, { text }) => sum + text.length, 0)
  if (bundles.length > MAX_BUNDLES) throw inputFailure(`these are more than ${MAX_BUNDLES} bundles`)
  if (length > MAX_BUNDLES_LENGTH)
    throw inputFailure(`${bundle.name} is too much: the bundles are too large together`)
}

/** Whether a file is one more bundle, and not code. */
export async function readBundleFile(name: string, cwd: string): Promise<BundleFile | null> {
  const found = await stat(resolve(cwd, name)).catch(() => null)
  if (!found?.isFile() || found.size > MAX_DOCUMENT_BYTES) return null
  const text = await readDocument(name, cwd)
  return saysBundle(name, text) ? { name, text } : null
}

async function readFolder(name: string, cwd: string): Promise<BundleFile[]> {
  const names: string[] = []
  for (const folder of BUNDLE_FOLDERS) {
    const found = await readdir(resolve(cwd, name, folder)).catch(() => [])
    for (const file of found.toSorted())
      if (file.endsWith(BUNDLE_SUFFIX)) names.push(join(name, folder, file))
  }
  if (names.length === 0) throw inputFailure(`there is no *${BUNDLE_SUFFIX} in ${name}, nor in its .coderisk`)
  if (names.length > MAX_BUNDLES) throw inputFailure(`${name} has more than ${MAX_BUNDLES} bundles`)
  const bundles: BundleFile[] = []
  for (const file of names) {
    // A pipe may wait for ever, and nobody has named this one.
    const found = await stat(resolve(cwd, file)).catch(() => null)
    if (found?.isFile() === false) throw inputFailure(`${file} is not a regular file`)
    addBundle(bundles, { name: file, text: await readDocument(file, cwd) })
  }
  return bundles
}

/** What only looks like a bundle is refused as one: it must never go to a network instead. */
function saysBundle(name: string, text: string): boolean {
  if (name.endsWith(BUNDLE_SUFFIX)) return true
  const parsed = parseStrictJson(text)
  return parsed.ok ? isBundleLike(parsed.value) : text.includes(BUNDLE_MEDIA_TYPE)
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
  const stream = name === '-' ? process.stdin : createReadStream(resolve(cwd, name))
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of stream) {
      chunks.push(Buffer.from(chunk))
      length += chunk.length
      if (length > MAX_DOCUMENT_BYTES) break
    }
  } catch (error) {
    throw unreadable(name, (error as NodeJS.ErrnoException).code)
  }
  if (length > MAX_DOCUMENT_BYTES) throw inputFailure(`${name} is too large to be a certificate or a bundle`)
  return Buffer.concat(chunks).toString('utf8')
}

function unreadable(name: string, code: string | undefined) {
  if (code !== 'ENOENT') return inputFailure(`${name} cannot be read (${code})`)
  return inputFailure(
    /^cert-/i.test(name)
      ? `${name} is not a certificate id (CERT-YYYY- and 16 characters), nor a file`
      : `${name} is neither a certificate id nor a file`,
  )
}

/** The document that `certify --json` prints holds the certificate as one of its members. */
function unwrap(text: string): string {
  const parsed = parseStrictJson(text)
  if (!parsed.ok || !isRecord(parsed.value)) return text
  const { certificate, signature } = parsed.value
  return signature === undefined && isRecord(certificate) ? JSON.stringify(certificate) : text
}

/** @returns the certificate in a document, which nothing vouches for; null when there is none */
export function certificateOf(text: string): Record<string, unknown> | null {
  const parsed = parseStrictJson(text)
  if (!parsed.ok || !isRecord(parsed.value)) return null
  const { payload } = parsed.value
  if (typeof payload !== 'string') return parsed.value
  const bytes = fromBase64Url(payload)
  const inner = parseStrictJson(bytes === null ? '' : new TextDecoder().decode(bytes))
  return inner.ok && isRecord(inner.value) ? inner.value : null
}

/** @returns null when it is no certificate, or names no code */
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
