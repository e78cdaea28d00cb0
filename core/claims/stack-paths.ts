import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { fromHex, toHex, utf8 } from '../verify/encoding.ts'

/** Frames beyond these add nothing; of each, this many last segments are compared. */
const MAX_PATHS = 50
const MAX_SEGMENTS = 12
/** Code that is somebody else's. */
const FOREIGN = new Set(['node_modules', 'site-packages', 'dist-packages'])

/** `files_changed` of a certificate, and the salt of its report if they are hashed. */
export interface ChangedFiles {
  readonly files: readonly string[]
  /** Hex; null for plain paths. */
  readonly salt: string | null
}

/** Which stack frames are in files that a commit changed: how many of those that are the customer's own. */
export function matchStackPaths(
  stackPaths: readonly string[],
  changed: ChangedFiles,
): { readonly matched: number; readonly own: number } {
  const own = [...new Set(stackPaths)].sort().flatMap((path) => {
    const segments = splitPath(path)
    return segments.length === 0 || segments.some((segment) => FOREIGN.has(segment)) ? [] : [segments]
  })
  const isChanged = changed.salt === null ? plainFiles(changed.files) : hashedFiles(changed)
  const considered = own.slice(0, MAX_PATHS)
  return { matched: considered.filter(isChanged).length, own: considered.length }
}

/**
 * A frame's path without what tells where the program ran: scheme, host, drive, query and line. Runtimes write
 * `app:///src/a.js`, `webpack:///./src/a.ts`, `C:\app\src\a.cs` and `/srv/app/src/a.py:12`.
 */
function splitPath(path: string): string[] {
  return path
    .normalize('NFC')
    .replaceAll('\\', '/')
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*\//i, '')
    .replace(/^[a-z]:(?=\/)/i, '')
    .replace(/[?#].*$/, '')
    .replace(/(?::\d+){1,2}$/, '')
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.')
}

/**
 * A frame is in a changed file if its path ends with the file's. A runtime may tell less than the repository knows
 * (`shop/pay.py` of `services/api/shop/pay.py`): then the file's path has to end with the frame's, by a folder at least.
 */
function plainFiles(files: readonly string[]): (segments: readonly string[]) => boolean {
  const whole = new Set(files)
  const ends = new Set(files.flatMap((file) => suffixes(file.split('/'))))
  return (segments) =>
    suffixes(segments).some((suffix) => whole.has(suffix)) ||
    ends.has(segments.join('/')) ||
    isRootFile(segments, whole)
}

/** As certificates hash them: `sha256:` and HMAC-SHA256(salt, path). */
function hashedFiles({ files, salt }: ChangedFiles): (segments: readonly string[]) => boolean {
  const key = fromHex(salt!)
  const names = new Set(files)
  const name = (path: string) => `sha256:${toHex(hmac(sha256, key!, utf8(path)))}`
  return (segments) =>
    key !== null && [...suffixes(segments), segments.join('/')].some((suffix) => names.has(name(suffix)))
}

/** The name alone says too little: every second directory has an `index.ts`. A file at the root has to be told as that. */
function isRootFile(segments: readonly string[], whole: ReadonlySet<string>): boolean {
  return segments.length === 1 && whole.has(segments[0]!)
}

/** The ends of a path that have a folder at least, longest first. */
function suffixes(segments: readonly string[]): string[] {
  const last = segments.slice(-MAX_SEGMENTS)
  return last.slice(0, -1).map((_, index) => last.slice(index).join('/'))
}
