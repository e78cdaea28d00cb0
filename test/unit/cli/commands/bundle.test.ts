import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it, onTestFinished } from 'vitest'
import { bundle as bundleCommand } from '../../../../cli/commands/bundle.ts'
import { verify as verifyCommand } from '../../../../cli/commands/verify.ts'
import { problemDocument } from '../../../../schema/wire/problems.ts'
import {
  makeBundle,
  makeNetwork,
  makeToken,
  NOW,
  type TestNetwork,
} from '../../core/verify/bundle-fixtures.ts'
import { makeCertificate, signedJson } from '../../core/verify/fixtures.ts'
import { runCommand } from '../run-command.ts'
import { isolatedEnv, type ScriptedAnswer, startFakeNetwork, temporaryFolder } from '../support.ts'

const ID = makeCertificate().certificate_id

let network: TestNetwork
let attacker: TestNetwork

beforeAll(() => {
  network = makeNetwork()
  attacker = makeNetwork()
}, 120_000)

async function setUp(answer: ScriptedAnswer) {
  const folder = temporaryFolder(onTestFinished)
  const server = await startFakeNetwork(() => answer)
  onTestFinished(() => server.close())
  const env = isolatedEnv(folder, {
    CODERISK_URL: server.url,
    CODERISK_API_KEY: 'cr_live_private',
    CODERISK_ROOT_KEY: JSON.stringify(network.root.jwk),
  })
  const bundle = (...args: string[]) => runCommand(bundleCommand, args, { cwd: folder, env, now: NOW })
  return { folder, server, env, bundle }
}

/** As the network writes it: not as this program would. */
const text = () => `${JSON.stringify(makeBundle(network), null, 1)}\n`

it('saves a bundle as it came, once it has verified it', async () => {
  const sent = text()
  const { folder, server, env, bundle } = await setUp({ status: 200, text: sent })
  expect(await bundle(ID)).toMatchObject({ code: 0, stderr: '' })
  expect(server.requests).toHaveLength(1)
  expect(server.requests[0]).toMatchObject({ method: 'GET', url: `/v1/trust/certs/${ID}/bundle` })
  expect(server.requests[0]!.headers.authorization).toBeUndefined()
  expect(readFileSync(join(folder, `${ID}.bundle.json`), 'utf8')).toBe(sent)
  await server.close()
  const verified = await runCommand(verifyCommand, [`${ID}.bundle.json`], { cwd: folder, env, now: NOW })
  expect(verified).toMatchObject({ code: 0, stderr: '' })
})

it('--out says where, and - prints it', async () => {
  const sent = text()
  const { folder, bundle } = await setUp({ status: 200, text: sent })
  expect((await bundle(`https://network.example/certs/${ID}`, '--out', 'here.json')).code).toBe(0)
  expect(readFileSync(join(folder, 'here.json'), 'utf8')).toBe(sent)
  expect(await bundle(ID, '--out', '-')).toMatchObject({ code: 0, stdout: sent })
})

it.each<[string, () => unknown, number]>([
  ['revoked', () => makeBundle(network, { status_list: makeToken(network.key, { revoked: [5] }) }), 1],
  ['by a network that vouches for itself', () => makeBundle(attacker), 1],
  ['no bundle', () => ({}), 1],
  [
    'of another certificate',
    () => {
      const other = makeCertificate({ certificate_id: 'CERT-2026-0000000000000000' })
      return makeBundle(network, { certificate: signedJson(network.key, other) })
    },
    3,
  ],
])('saves nothing that is %s', async (_name, answer, code) => {
  const { folder, bundle } = await setUp({ status: 200, json: answer() })
  expect((await bundle(ID)).code).toBe(code)
  expect(readdirSync(folder).filter((name) => name.endsWith('.json'))).toEqual([])
})

it.each([
  ['certificate_not_found', 1],
  ['certificate_revoked', 1],
  ['log_unavailable', 3],
] as const)('says what the network says: %s', async (code, exitCode) => {
  const problem = problemDocument(code, 'req_1')
  const { folder, bundle } = await setUp({
    status: problem.status === 503 ? 500 : problem.status,
    json: problem,
  })
  const run = await bundle(ID)
  expect(run).toMatchObject({ code: exitCode, stdout: '' })
  expect(run.stderr).toContain(problem.title)
  expect(existsSync(join(folder, `${ID}.bundle.json`))).toBe(false)
})

it.each([
  [[], 'which certificate'],
  [[ID, ID], 'one certificate at a time'],
  [['.'], 'there is no *.bundle.json'],
])('%j is exit code 2', async (args, words) => {
  const { bundle, server } = await setUp({ status: 200 })
  const run = await bundle(...args)
  expect(run).toMatchObject({ code: 2, stdout: '' })
  expect(run.stderr).toContain(words)
  expect(server.requests).toHaveLength(0)
})
