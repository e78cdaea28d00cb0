import { constants } from 'node:fs'
import { lstat, open } from 'node:fs/promises'
import { MAX_CONTENT_BYTES } from '../limits.ts'
import type { SkipReason } from './change.ts'
import { decodeText, looksBinary, SNIFFED_BYTES } from './content.ts'

/**
 * A file's text. What is too large is told from its beginning, and never read whole (`text` is then empty).
 * A link is not followed: what it points at may be outside the repository.
 */
export async function readWorkingFile(
  file: string,
): Promise<{ text: string; bytes: number } | SkipReason | 'missing'> {
  const found = await lstat(file).catch(() => null)
  if (found === null) return 'missing'
  if (found.isSymbolicLink()) return 'symbolic_link'
  if (found.isDirectory()) return 'submodule'
  if (!found.isFile()) return 'not_a_regular_file'
  const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
  try {
    if (found.size > MAX_CONTENT_BYTES) {
      const start = Buffer.alloc(SNIFFED_BYTES)
      const { bytesRead } = await handle.read(start, 0, SNIFFED_BYTES, 0)
      return looksBinary(start.subarray(0, bytesRead)) ? 'binary' : { text: '', bytes: found.size }
    }
    const bytes = await handle.readFile()
    const text = decodeText(bytes)
    return text === null ? 'binary' : { text, bytes: bytes.length }
  } finally {
    await handle.close()
  }
}
