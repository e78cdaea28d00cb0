import { readFile, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { hashCode, hashFiles } from '../core/verify/index.ts'
import { inputFailure } from './failure.ts'
import { decodeText } from './git/content.ts'
import { certificatePath } from './git/paths.ts'
import { askGit, openRepository } from './git/run.ts'
import { readWorkingFile } from './git/working-file.ts'
import type { CodeClaim } from './subject.ts'

/** Where the code is that a certificate is compared with. */
export type CodeSource =
  | { readonly kind: 'code'; readonly file: string }
  | { readonly kind: 'files'; readonly paths: readonly string[] }

/** The outcome of hashing the code that is here. */
export interface CodeCheck {
  readonly matches: boolean
  readonly method: CodeClaim['code_hash_method']
  readonly certified: string
  readonly computed: string
  /** How many files were hashed. */
  readonly files: number
}

/**
 * Hashes the code that is here as the certificate says it was hashed (formats.md, `code_hash`).
 *
 * @throws {CommandFailure} (exit code 2) when the files are not there or are not of the certificate's kind
 */
export async function checkCode(
  claim: CodeClaim,
  source: CodeSource,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<CodeCheck> {
  const { code_hash: certified, code_hash_method: method } = claim
  if (source.kind === 'code') {
    if (method !== 'sha256') throw inputFailure('this certificate is of files: give --files, not --code')
    const computed = await hashCode(await readCode(resolve(cwd, source.file)))
    return { matches: computed === certified, method, certified, computed, files: 1 }
  }
  if (method !== 'sha256-manifest') {
    throw inputFailure('this certificate is of one piece of code: give --code, not --files')
  }
  const files = await readFiles(claim, source.paths, cwd, env)
  const computed = await hashFiles(files)
  return { matches: computed === certified, method, certified, computed, files: files.length }
}

async function readCode(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw inputFailure(`${file} cannot be read (${error.code})`)
  })
  const text = decodeText(bytes)
  if (text === null) throw inputFailure(`${file} is binary: a certificate is of text`)
  return text
}

interface NamedContent {
  readonly path: string
  readonly content: string
}

/** A file stands for itself; a folder stands for the files that the certificate names, seen from there. */
async function readFiles(
  claim: CodeClaim,
  names: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<NamedContent[]> {
  const root = await findRoot(cwd, env)
  const files = new Map<string, string>()
  for (const name of names) {
    const found = await stat(resolve(cwd, name)).catch(() => null)
    if (found === null) throw inputFailure(`there is no file ${name}`)
    const contents = found.isDirectory()
      ? await readNamedFiles(claim, resolve(cwd, name))
      : [await readOne(root, resolve(cwd, name), name)]
    for (const { path, content } of contents) files.set(path, content)
  }
  if (files.size === 0) throw inputFailure(`none of the certificate's files is in ${names.join(', ')}`)
  return [...files].map(([path, content]) => ({ path, content }))
}

async function readOne(root: string, file: string, name: string): Promise<NamedContent> {
  const content = await readWorkingFile(file)
  if (typeof content === 'string')
    throw inputFailure(`${name} is no text file (${content.replaceAll('_', ' ')})`)
  const path = relative(root, file).split(sep).join('/')
  if (path.startsWith('../')) throw inputFailure(`${name} is outside ${root}`)
  return { path: certificatePath(path), content: content.text }
}

/** What certify skips (binary files, links) is skipped here too; so is what the change deleted. */
async function readNamedFiles(claim: CodeClaim, folder: string): Promise<NamedContent[]> {
  if (claim.path_privacy === 'hashed') {
    throw inputFailure('this certificate hides its file names: name the files one by one, not a folder')
  }
  const files: NamedContent[] = []
  for (const path of claim.files_changed) {
    if (path.split('/').includes('..') || path.startsWith('/')) continue
    const content = await readWorkingFile(join(folder, path))
    if (typeof content !== 'string') files.push({ path, content: content.text })
  }
  return files
}

/** Paths of a certificate begin at the top of the repository; outside of one, at the working directory. */
async function findRoot(cwd: string, env: Readonly<Record<string, string | undefined>>): Promise<string> {
  try {
    const repository = await openRepository(cwd, env)
    const prefix = (await askGit({ ...repository, root: cwd }, ['rev-parse', '--show-cdup'])) ?? ''
    return resolve(cwd, prefix)
  } catch {
    return cwd
  }
}
