import { spawn } from 'node:child_process'
import { GIT_OPTIONS, type Repository } from './run.ts'

/** `whole`: git said all that it had to; `stopped`: `take` had enough; `failed`: git did not go through. */
export type StreamEnd = 'whole' | 'stopped' | 'failed'

/**
 * Runs git for output that may be longer than anybody wants to hold. It fetches nothing: where a partial clone lacks
 * an object, git fails.
 *
 * @param take gets the output in pieces; false ends git
 */
export async function streamGit(
  repository: Repository,
  args: readonly string[],
  take: (chunk: Buffer) => boolean,
): Promise<StreamEnd> {
  const child = spawn('git', [...GIT_OPTIONS, ...args], {
    cwd: repository.root,
    // Git before 2.45 does not know the first; no transport is allowed by the second.
    env: { ...repository.env, GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: 'none' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const exit = new Promise<number | null>((resolve) => {
    child.on('error', () => resolve(null))
    child.on('close', resolve)
  })
  let ended = false
  try {
    for await (const chunk of child.stdout) if (!take(chunk)) return 'stopped'
    ended = true
  } finally {
    if (!ended) child.kill()
  }
  return (await exit) === 0 ? 'whole' : 'failed'
}
