import { sha256, toHex, utf8 } from './encoding.ts'

/** A file as it is hashed: text stands for its UTF-8 bytes. */
interface HashedFile {
  readonly path: string
  readonly content: string | Uint8Array
}

/** SHA-256 hex of one piece of code (`code_hash_method: sha256`). */
export async function hashCode(code: string | Uint8Array): Promise<string> {
  return toHex(await sha256(typeof code === 'string' ? utf8(code) : new Uint8Array(code)))
}

/**
 * SHA-256 hex of the manifest (`code_hash_method: sha256-manifest`): per file one line, exactly as
 * `sha256sum` prints it, sorted by the bytes of the path.
 */
export async function hashFiles(files: readonly HashedFile[]): Promise<string> {
  return hashManifest(await digestFiles(files))
}

/** What one file contributes: its path, and the SHA-256 hex of its content. */
export interface FileDigest {
  readonly path: string
  readonly sha256: string
}

/** The files' digests in the order of the manifest: by the bytes of the path. */
export async function digestFiles(files: readonly HashedFile[]): Promise<FileDigest[]> {
  const sorted = [...files].sort((a, b) => compareBytes(utf8(a.path), utf8(b.path)))
  return Promise.all(sorted.map(async ({ path, content }) => ({ path, sha256: await hashCode(content) })))
}

/** {@link hashFiles} of files whose digests are known. */
export async function hashManifest(digests: readonly FileDigest[]): Promise<string> {
  return toHex(await sha256(utf8(manifestText(digests))))
}

export async function manifest(files: readonly HashedFile[]): Promise<string> {
  return manifestText(await digestFiles(files))
}

function manifestText(digests: readonly FileDigest[]): string {
  return digests.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join('')
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = a[i]! - b[i]!
    if (difference !== 0) return difference
  }
  return a.length - b.length
}
