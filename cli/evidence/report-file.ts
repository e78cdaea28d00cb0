import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { decodeText } from '../git/content.ts'
import { MAX_EVIDENCE_BYTES } from '../limits.ts'
import { byteSize } from '../reports/words.ts'

/** A report's text, or why it cannot be sent, in words that follow its name. */
export type ReportFile =
  | { readonly ok: true; readonly text: string; readonly bytes: number; readonly modifiedMs: number }
  | { readonly ok: false; readonly fault: string }

/** Reads at most {@link MAX_EVIDENCE_BYTES} of UTF-8 text. A pipe or a device is neither waited for nor read. */
export async function readReportFile(file: string): Promise<ReportFile> {
  let handle: Awaited<ReturnType<typeof open>>
  try {
    handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return fault(code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`)
  }
  try {
    const found = await handle.stat()
    if (!found.isFile()) return fault('is not a regular file')
    if (found.size > MAX_EVIDENCE_BYTES) return tooLarge(found.size)
    const bytes = await handle.readFile()
    if (bytes.length > MAX_EVIDENCE_BYTES) return tooLarge(bytes.length)
    if (bytes.length === 0) return fault('is empty')
    const text = decodeText(bytes)
    if (text === null) return fault('is not UTF-8 text')
    return { ok: true, text, bytes: bytes.length, modifiedMs: found.mtimeMs }
  } catch (error) {
    return fault(`cannot be read (${(error as NodeJS.ErrnoException).code})`)
  } finally {
    await handle.close()
  }
}

function tooLarge(bytes: number): ReportFile {
  return fault(`has ${byteSize(bytes)}; all evidence together is at most ${byteSize(MAX_EVIDENCE_BYTES)}`)
}

function fault(words: string): ReportFile {
  return { ok: false, fault: words }
}
