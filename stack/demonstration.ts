import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Stack } from './stack.ts'
import { StackError } from './stack-error.ts'

const ROOT = path.resolve(import.meta.dirname, '..')
const CLI = path.join(ROOT, 'cli', 'main.ts')
/**
 * git distrusts a repository of another owner (a mounted folder, a container). Whoever runs this runs its code
 * anyway. (git-config(1): safe.directory)
 */
const TRUST_THIS_REPOSITORY = {
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'safe.directory',
  GIT_CONFIG_VALUE_0: ROOT,
}
/** Certified where there is no commit to certify. */
const SAMPLE = 'schema/wire/vocabulary.ts'
const LIMIT_MS = 60_000
const REFUSALS = [1, 2]

export interface Demonstration {
  readonly certificateId: string
  /** In words: what it certifies. */
  readonly subject: string
  /** Why it is not this repository's last commit, if it is not. */
  readonly note?: string
}

/**
 * Certifies this repository's last commit with the `coderisk` command, or finds the certificate that an earlier
 * start made for it. Outside a repository, or when the commit is refused, a sample file is certified instead.
 */
export async function certifyRepository(stack: Stack, signal?: AbortSignal): Promise<Demonstration> {
  const commit = lastCommit()
  if (commit === undefined) return certifySample(stack, 'this folder has no git commit', signal)
  const subject = `commit ${commit.slice(0, 12)} of this repository`
  const known = stack.certificates[commit]
  if (known !== undefined) return { certificateId: known, subject: `${subject}, certified before` }
  const result = await certify(stack, [], signal)
  if ('refusal' in result) return certifySample(stack, result.refusal, signal)
  stack.rememberCertificate(commit, result.certificateId)
  return { certificateId: result.certificateId, subject }
}

async function certifySample(stack: Stack, reason: string, signal?: AbortSignal): Promise<Demonstration> {
  const note = `The last commit was not certified: ${reason}`
  const key = `sha256:${createHash('sha256')
    .update(readFileSync(path.join(ROOT, SAMPLE)))
    .digest('hex')}`
  const known = stack.certificates[key]
  if (known !== undefined) return { certificateId: known, subject: `${SAMPLE}, certified before`, note }
  const result = await certify(stack, [SAMPLE], signal)
  if ('refusal' in result) throw new StackError(`The sample could not be certified: ${result.refusal}`)
  stack.rememberCertificate(key, result.certificateId)
  return { ...result, subject: SAMPLE, note }
}

/** The commit of HEAD, if the project itself is a repository (and not a folder inside another one). */
function lastCommit(): string | undefined {
  const git = (...args: string[]) => {
    const env = { ...process.env, ...TRUST_THIS_REPOSITORY }
    const result = spawnSync('git', ['-C', ROOT, ...args], { encoding: 'utf8', env })
    return result.status === 0 ? result.stdout.trim() : undefined
  }
  if (git('rev-parse', '--show-prefix') !== '') return undefined
  return git('rev-parse', '--verify', '--quiet', 'HEAD^{commit}')
}

function certify(
  stack: Stack,
  args: string[],
  signal?: AbortSignal,
): Promise<{ certificateId: string } | { refusal: string }> {
  const child = spawn(process.execPath, [CLI, 'certify', '--json', ...args], {
    cwd: ROOT,
    env: {
      ...process.env,
      ...TRUST_THIS_REPOSITORY,
      CODERISK_URL: stack.baseUrl,
      CODERISK_API_KEY: stack.apiKey,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
    ...(signal === undefined ? {} : { signal }),
  })
  let output = ''
  let complaint = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      const reason = complaint.trim().split('\n')[0] || `coderisk certify ended with ${code}`
      if (code === 0) resolve({ certificateId: JSON.parse(output).certificate.certificate_id })
      else if (code !== null && REFUSALS.includes(code)) resolve({ refusal: reason })
      else reject(new StackError(`This repository's last commit could not be certified: ${reason}`))
    })
  })
}
