import { expect, it, onTestFinished } from 'vitest'
import { bindToCi } from '../../../../cli/evidence/bind.ts'
import type { CollectedChange } from '../../../../cli/git/change.ts'
import { startFakeNetwork } from '../support.ts'
import { collected } from './evidence-support.ts'

const COMMIT = 'a'.repeat(40)
const HASH = 'b'.repeat(64)
const EVIDENCE = collected({ sarif: [{ name: 'a.sarif', content: '{}' }] }, HASH)
const CHANGE: CollectedChange = {
  description: 'what is staged',
  files: [],
  filesChanged: [],
  deleted: [],
  skipped: [],
  commitSha: COMMIT,
  baseCommit: null,
  commitMessage: null,
  messages: [],
}

async function job(status = 200) {
  const server = await startFakeNetwork(() => ({ status, json: { value: 'a.b.c' } }))
  onTestFinished(() => server.close())
  const env = {
    GITHUB_ACTIONS: 'true',
    GITHUB_SHA: COMMIT,
    ACTIONS_ID_TOKEN_REQUEST_URL: server.url,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret',
  }
  return { env, requests: server.requests }
}

const NO_JOB = {}
const WITHOUT_PERMISSION = { GITHUB_ACTIONS: 'true', GITHUB_SHA: COMMIT }

it('asks for a token for this very evidence', async () => {
  const { env, requests } = await job()
  const warnings: string[] = []
  const bound = await bindToCi(EVIDENCE, CHANGE, 'if_present', env, (line) => warnings.push(line))
  expect(bound).toMatchObject({ ciToken: 'a.b.c', sent: [{ kind: 'ci_identity', bytes: 5 }] })
  expect(requests.map(({ url }) => url)).toEqual([`/?audience=coderisk%3A${HASH}`])
  expect(warnings).toEqual([])
})

it.each([
  ['no evidence', collected(null), CHANGE, {}],
  ['a change that is no commit', EVIDENCE, { ...CHANGE, commitSha: null }, {}],
  ['a job of another commit', EVIDENCE, CHANGE, { GITHUB_SHA: 'c'.repeat(40) }],
])('asks for nothing with %s', async (_name, evidence, change, more) => {
  const { env, requests } = await job()
  const bound = await bindToCi(evidence, change, 'if_present', { ...env, ...more }, () => {})
  expect(bound.ciToken).toBeNull()
  expect(requests).toHaveLength(0)
})

it.each([
  ['outside CI', NO_JOB, EVIDENCE, CHANGE, null],
  ['without evidence', WITHOUT_PERMISSION, collected(null), CHANGE, null],
  ['without permission', WITHOUT_PERMISSION, EVIDENCE, CHANGE, 'id-token: write'],
])('%s it warns of %s', async (_name, env, evidence, change, words) => {
  const warnings: string[] = []
  const bound = await bindToCi(evidence, change, 'if_present', env, (line) => warnings.push(line))
  expect(bound.ciToken).toBeNull()
  expect(warnings).toEqual(words === null ? [] : [expect.stringContaining(words)])
  expect(bound.leftOut).toHaveLength(warnings.length)
})

it('warns when the provider refuses, and goes on', async () => {
  const { env } = await job(403)
  const warnings: string[] = []
  const bound = await bindToCi(EVIDENCE, CHANGE, 'if_present', env, (line) => warnings.push(line))
  expect(bound.ciToken).toBeNull()
  expect(warnings).toEqual([
    expect.stringMatching(/^certified without CI identity: 127\.0\.0\.1:\d+ answered 403$/),
  ])
})

it.each([
  ['outside CI', NO_JOB, EVIDENCE],
  ['without permission', WITHOUT_PERMISSION, EVIDENCE],
  ['without evidence', NO_JOB, collected(null)],
])('an identity that is required fails %s', async (_name, env, evidence) => {
  await expect(bindToCi(evidence, CHANGE, 'required', env, () => {})).rejects.toMatchObject({ exitCode: 3 })
})

it('an identity that is required fails with the provider', async () => {
  const { env } = await job(500)
  await expect(bindToCi(EVIDENCE, CHANGE, 'required', env, () => {})).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringContaining('answered 500'),
  })
})

it('nothing is asked with --no-ci', async () => {
  const { env, requests } = await job()
  expect(await bindToCi(EVIDENCE, CHANGE, 'off', env, () => {})).toBe(EVIDENCE)
  expect(requests).toHaveLength(0)
})
