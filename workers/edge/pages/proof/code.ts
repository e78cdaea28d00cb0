import type { CodeEvidence, GivenCode, GivenFile } from '../../../../core/verify/code-evidence.ts'
import { formatCount } from '../format.ts'
import { visible } from '../html.ts'
import { reasonWords } from '../words.ts'
import type { CodeClaim } from './claim.ts'
import { type ChosenFile, matchFiles } from './match-files.ts'
import { failed, passed, type Step, unsure } from './steps.ts'

/** A chosen file that can be read. */
export interface ReadableFile extends ChosenFile {
  /** Rejects when it is not there any more, or may not be read. */
  readonly open: () => Promise<Blob>
}

/** The certificate's files as they are here. */
export interface CodeHere {
  readonly given: GivenCode
  /** Of the certificate's paths. */
  readonly missing: readonly string[]
  /** Chosen, and no text that could have been certified. */
  readonly unreadable: readonly string[]
}

/** What a certificate says of its code, and what is here of it. */
export interface ComparedCode {
  readonly claim: CodeClaim
  readonly here: CodeHere
}

/** Nothing larger is certified (`schema/wire/issue.ts`). */
const MAX_FILE_BYTES = 2 * 1024 * 1024
/** A certificate has no more. */
const MAX_FILES = 500
const MAX_NAMED = 10

/**
 * Reads the certificate's files, and no others, among those that were chosen. Binary files are left out, as they are when
 * code is certified.
 *
 * @returns null when more files would have to be read than any certificate is of
 */
export async function readCodeHere(
  claim: CodeClaim,
  chosen: readonly ReadableFile[],
): Promise<CodeHere | null> {
  const { files, missing } = matchFiles(claim, chosen)
  if (files.length > MAX_FILES) return null
  const read: GivenFile[] = []
  const unreadable: string[] = []
  for (const { path, file } of files) {
    const content = await readText(file)
    if (content === null) unreadable.push(path)
    else read.push({ path, content })
  }
  return { given: { files: read }, missing, unreadable }
}

/** What came of comparing the code, in words. */
export function codeStep({ outcome, computed }: CodeEvidence, { claim, here }: ComparedCode): Step {
  const title = 'Compare the code'
  const count = 'files' in here.given ? here.given.files.length : 1
  const left =
    here.unreadable.length > 0 ? ` Left out, being no text that can be read: ${list(here.unreadable)}.` : ''
  const value = computed ?? undefined
  if (outcome.result === 'passed') {
    const what = count === 1 ? 'The file is' : `The ${formatCount(count, 'file')} are`
    return passed(title, `${what} exactly what was certified.${left} SHA-256:`, value)
  }
  if (outcome.result === 'indeterminate') return unsure(title, reasonWords(outcome.reason ?? 'malformed'))
  return {
    ...failed(title, `${whyNot(claim, here, count)}${left}${value ? ' SHA-256 of what is here:' : ''}`),
    value,
  }
}

function whyNot(claim: CodeClaim, { missing }: CodeHere, count: number): string {
  if (claim.method === 'sha256' && count === 0)
    return 'The certificate is of one piece of code: choose that one file.'
  if (count === 0) return 'None of the certificate’s files is among those that you chose.'
  const unsent = claim.unsent ? ` ${UNSENT}` : ''
  if (missing.length > 0) {
    const some =
      missing.length === 1
        ? 'One of the certificate’s files was'
        : `${missing.length} of the certificate’s files were`
    return `${some} not found: ${list(missing)}. There is one hash for all of them, so the others cannot be judged alone.${unsent}`
  }
  if (count === 1) return `The file is not what was certified.${unsent}`
  const here = formatCount(count, 'file')
  if (claim.hashedPaths) {
    return `These ${here} are not what was certified, or not all of it, or lie in another folder. The certificate keeps its paths private, so it cannot say which.${unsent}`
  }
  return `At least one of the ${here} is not what was certified. There is one hash for all of them, so it cannot say which.${unsent}`
}

const UNSENT =
  'The certificate says that source files were named without their contents: those are not in the hash, so choose the others only.'

function list(paths: readonly string[]): string {
  const named = paths.slice(0, MAX_NAMED).map(visible).join(', ')
  return paths.length <= MAX_NAMED ? named : `${named} and ${paths.length - MAX_NAMED} more`
}

/** The bytes of a text as it can be certified: UTF-8, without a NUL, not too large. @returns null for anything else */
async function readText(file: ReadableFile): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const blob = await file.open()
    const bytes = blob.size > MAX_FILE_BYTES ? null : new Uint8Array(await blob.arrayBuffer())
    if (bytes === null || bytes.includes(0)) return null
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return bytes
  } catch {
    return null
  }
}
