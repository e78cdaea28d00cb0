import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it, onTestFinished } from 'vitest'
import { log as logCommand } from '../../../../cli/commands/log.ts'
import {
  canonicalBytes,
  issuedLogEntry,
  parseProof,
  proveInclusion,
  signedMembers,
  tilePath,
  toHex,
} from '../../../../core/verify/index.ts'
import {
  buildLog,
  generateLogKey,
  hexOf,
  type LogKey,
  sampleEntries,
  sampleEntry,
} from '../log/log-support.ts'
import { runCommand } from '../run-command.ts'
import {
  CERTIFICATE_ID,
  isolatedEnv,
  sampleCertificate,
  startFakeNetwork,
  temporaryFolder,
} from '../support.ts'

let key: LogKey

beforeAll(async () => {
  key = await generateLogKey()
})

const certificate = sampleCertificate()

async function prove(
  entry: string,
  change: (answer: Record<string, unknown>) => unknown = (answer) => answer,
) {
  const { bytes } = await issuedLogEntry(certificate, canonicalBytes(signedMembers({ ...certificate })))
  const built = await buildLog([...sampleEntries(299), bytes], key)
  const answer = async (index: number) => ({
    index,
    tree_size: 300,
    root_hash: toHex(built.root),
    hashes: (await proveInclusion(index, 300, async (tile) => built.objects.get(tilePath(tile)) ?? null)).map(
      toHex,
    ),
    checkpoint: new TextDecoder().decode(built.objects.get('checkpoint')),
    leaf_hash: index === 299 ? hexOf(bytes) : hexOf(sampleEntry(index)),
  })
  const [last, seventh] = [await answer(299), await answer(7)]
  const network = await startFakeNetwork(({ url }) => {
    if (url.startsWith('/v1/trust/certs/')) return { status: 200, json: certificate }
    const known = url.endsWith('=7') || url.endsWith(`=${hexOf(sampleEntry(7))}`)
    return { status: 200, json: change(known ? seventh : last) }
  })
  onTestFinished(() => network.close())
  const folder = temporaryFolder(onTestFinished)
  writeFileSync(join(folder, 'certificate.json'), JSON.stringify(certificate))
  const env = isolatedEnv(folder, { CODERISK_URL: network.url })
  const run = await runCommand(logCommand, ['proof', entry, '--vkey', key.verifier.text], {
    cwd: folder,
    env,
  })
  return { run, requests: network.requests, leaf: hexOf(bytes) }
}

it.each([
  [CERTIFICATE_ID, 299],
  ['certificate.json', 299],
  ['7', 7],
  [hexOf(sampleEntry(7)), 7],
])('a proof of %s is printed as it was verified', async (entry, index) => {
  const { run } = await prove(entry)
  expect(run).toMatchObject({ code: 0, stderr: '' })
  expect(parseProof(run.stdout)).toMatchObject({ index })
})

it.each<[string, (answer: Record<string, unknown>) => unknown, number]>([
  ['of another entry', (answer) => ({ ...answer, leaf_hash: hexOf(sampleEntry(9)) }), 1],
  ['at another index', (answer) => ({ ...answer, index: 8 }), 1],
  ['with a hash changed', (answer) => ({ ...answer, hashes: Array(9).fill('0'.repeat(64)) }), 1],
  ['without a checkpoint', ({ checkpoint: _, ...answer }) => answer, 3],
  ['that is nothing', () => null, 3],
])('a proof %s is not printed', async (_name, change, code) => {
  const { run } = await prove('7', change)
  expect(run).toMatchObject({ code, stdout: '' })
})

it.each([
  [['proof'], 'which entry'],
  [['proof', '7', '--json'], 'a proof is text'],
  [['proof', '7', '--organisation'], 'is for coderisk log fsck'],
  [['prove'], 'fsck, show or proof'],
  [[], 'fsck, show or proof'],
])('%j is exit code 2', async (args, words) => {
  const folder = temporaryFolder(onTestFinished)
  const options = { cwd: folder, env: isolatedEnv(folder, { CODERISK_URL: 'http://127.0.0.1:1' }) }
  const found = await runCommand(logCommand, [...args, '--vkey', key.verifier.text], options)
  expect(found).toMatchObject({ code: 2, stdout: '' })
  expect(found.stderr).toContain(words)
})
