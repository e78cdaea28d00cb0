import { inputFailure } from '../failure.ts'
import { MAX_PATH_CHARACTERS } from '../limits.ts'

const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** A name as git stores it: bytes. @throws {CommandFailure} when they are not UTF-8 */
export function decodePath(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes)
  } catch {
    const shown = Buffer.from(bytes).toString('latin1')
    throw inputFailure(
      `the file name "${shown}" is not UTF-8, so a certificate cannot name it`,
      'Rename the file, or certify the others by naming them: coderisk certify PATHS…',
    )
  }
}

/**
 * A path as a certificate writes it: NFC. macOS decomposes names (NFD), which would give one file two names.
 *
 * @throws {CommandFailure} for what the format refuses (schema/wire/text.ts), which must not be left out silently
 */
export function certificatePath(path: string): string {
  const normalised = path.normalize('NFC')
  const fault = pathFault(normalised)
  if (fault === null) return normalised
  throw inputFailure(
    `the file name ${JSON.stringify(path)} ${fault}, so a certificate cannot name it`,
    'Rename the file, or certify the others by naming them: coderisk certify PATHS…',
  )
}

function pathFault(path: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing control characters is the point
  if (/[\u0000-\u001f\u007f]/.test(path)) return 'contains a control character'
  if (path.includes('\\')) return 'contains a backslash'
  if (/^[A-Za-z]:/.test(path)) return 'reads like a drive path'
  if (path.length > MAX_PATH_CHARACTERS) return `is longer than ${MAX_PATH_CHARACTERS} characters`
  return null
}
