import { sha256, toHex, utf8 } from './encoding.ts'

/** SHA-256 hex of the UTF-8 bytes of one piece of code (`code_hash_method: sha256`). */
export async function hashCode(code: string): Promise<string> {
  return toHex(await sha256(utf8(code)))
}

/**
 * SHA-256 hex of the manifest (`code_hash_method: sha256-manifest`): per file one line, exactly as
 * `sha256sum` prints it, sorted by the bytes of the path.
 */
export async function hashFiles(files: readonly { path: string; content: string }[]): Promise<string> {
  return toHex(await sha256(utf8(await manifest(files))))
}

export async function manifest(files: readonly { path: string; content: string }[]): Promise<string> {
  const sorted = [...files].sort((a, b) => compareBytes(utf8(a.path), utf8(b.path)))
  const lines = await Promise.all(
    sorted.map(async (file) => `${await hashCode(file.content)}  ${file.path}\n`),
  )
  return lines.join('')
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = a[i]! - b[i]!
    if (difference !== 0) return difference
  }
  return a.length - b.length
}
