import { readFile, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import type { CodeEvidence, GivenCode, GivenFile, GivenFiles } from '../core/verify/index.ts'
import { inputFailure } from './failure.ts'
import { decodeText } from './git/content.ts'
import { certificatePath } from './git/paths.ts'
import { askGit, openRepository } from './git/run.ts'
import { readWorkingFile } from './git/working-file.ts'
import { MAX_CONTENT_BYTES } from './limits.ts'
import type { CodeClaim } from './subject.ts'

/** Where the code is that a certificate is compared with. */
export type CodeSource =
  | { readonly kind: 'code'; readonly file: string }
  | { readonly kind: 'files'; readonly paths: readonly string[] }

/** What came of comparing the code that is here. */
export interface CodeCheck {
  readonly matches: boolean
  readonly method: CodeClaim['code_hash_method'] | null
  /** SHA-256, hex; null where there is none to tell. */
  readonly certified: string | null
  readonly computed: string | null
  /** How many files were hashed. */
  readonly files: number
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the code that is to be compared with a certificate. Only the kernel says whether it is the certified code.
 *
 * @param claim of a certificate that nothing may vouch for yet; null when it names no code
 * @throws {CommandFailure} (exit code 2) when the files are not there or are not of the certificate's kind
 */
export async function readCode(
  claim: CodeClaim | null,
  source: CodeSource,
  cwd: string,
  env: Environment,
): Promise<GivenCode> {
  if (claim === null) return { files: [] }
  const { code_hash_method: method } = claim
  if (source.kind === 'code') {
    if (method !== 'sha256') throw inputFailure('this certificate is of files: give --files, not --code')
    return { code: await readPiece(resolve(cwd, source.file)) }
  }
  if (method !== 'sha256-manifest') {
    throw inputFailure('this certificate is of one piece of code: give --code, not --files')
  }
  return readFiles(claim, source.paths, cwd, env)
}

/** What to say of a comparison that the kernel made. */
export function describeCode(
  claim: CodeClaim | null,
  given: GivenCode,
  { outcome, computed }: CodeEvidence,
): CodeCheck {
  return {
    matches: outcome.result === 'passed',
    method: claim?.code_hash_method ?? null,
    certified: claim?.code_hash ?? null,
    computed,
    files: 'files' in given ? given.files.length : 1,
  }
}

async function readPiece(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw inputFailure(`${file} cannot be read (${error.code})`)
  })
  const text = decodeText(bytes)
  if (text === null) throw inputFailure(`${file} is binary: a certificate is of text`)
  return text
}

/** A file stands for itself; a folder stands for the files that the certificate names, seen from there. */
async function readFiles(
  claim: CodeClaim,
  names: readonly string[],
  cwd: string,
  env: Environment,
): Promise<GivenFiles> {
  const root = await findRoot(cwd, env)
  const files = new Map<string, GivenFile>()
  const skipped: string[] = []
  for (const name of names) {
    const found = await stat(resolve(cwd, name)).catch(() => null)
    if (found === null) throw inputFailure(`there is no file ${name}`)
    const contents = found.isDirectory()
      ? await readNamedFiles(claim, resolve(cwd, name))
      : { files: [await readOne(root, resolve(cwd, name), name)], skipped: [] }
    for (const file of contents.files) files.set(file.path, file)
    skipped.push(...contents.skipped)
  }
  if (files.size === 0) throw inputFailure(`none of the certificate's files is in ${names.join(', ')}`)
  return { files: [...files.values()], skipped }
}

async function readOne(root: string, file: string, name: string): Promise<GivenFile> {
  const content = await readWorkingFile(file)
  if (typeof content === 'string')
    throw inputFailure(`${name} is no text file (${content.replaceAll('_', ' ')})`)
  const path = relative(root, file).split(sep).join('/')
  if (path.startsWith('../')) throw inputFailure(`${name} is outside ${root}`)
  return { path: certificatePath(path), content: whole(content, name) }
}

/** What certify skips (binary files, links) is skipped here too; so is what the change deleted. */
async function readNamedFiles(claim: CodeClaim, folder: string): Promise<Required<GivenFiles>> {
  if (claim.path_privacy === 'hashed') {
    throw inputFailure('this certificate hides its file names: name the files one by one, not a folder')
  }
  const files: GivenFile[] = []
  const skipped: string[] = []
  for (const path of claim.files_changed) {
    if (path.split('/').includes('..') || path.startsWith('/') || path.includes('\0')) continue
    const content = await readWorkingFile(join(folder, path))
    if (typeof content !== 'string') files.push({ path, content: whole(content, path) })
    else if (content !== 'missing') skipped.push(path)
  }
  return { files, skipped }
}

function whole({ text, bytes }: { text: string; bytes: number }, name: string): string {
  if (bytes <= MAX_CONTENT_BYTES) return text
  throw inputFailure(`${name} is larger than ${MAX_CONTENT_BYTES} bytes: nothing of that size is certified`)
}

/** Paths of a certificate begin at the top of the repository; outside of one, at the working directory. */
async function findRoot(cwd: string, env: Environment): Promise<string> {
  try {
    const repository = await openRepository(cwd, env)
    const prefix = (await askGit({ ...repository, root: cwd }, ['rev-parse', '--show-cdup'])) ?? ''
    return resolve(cwd, prefix)
  } catch {
    return cwd
  }
}
