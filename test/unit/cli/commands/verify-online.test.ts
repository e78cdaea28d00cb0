import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { verify as verifyCommand } from '../../../../cli/commands/verify.ts'
import { hashFiles } from '../../../../core/verify/index.ts'
import { problemDocument } from '../../../../schema/wire/problems.ts'
import { runCommand } from '../run-command.ts'
import {
  CERTIFICATE_ID,
  type CliRun,
  type FakeNetwork,
  isolatedEnv,
  type ReceivedRequest,
  type ScriptedAnswer,
  sampleCertificate,
  sampleVerification,
  startFakeNetwork,
  temporaryFolder,
} from '../support.ts'

interface Setup {
  readonly folder: string
  readonly server: FakeNetwork
  verify(...args: string[]): Promise<CliRun>
}

async function setUp(
  answer: (request: ReceivedRequest) => ScriptedAnswer = () => ({ status: 200, json: sampleVerification() }),
): Promise<Setup> {
  const folder = temporaryFolder(onTestFinished)
  const server = await startFakeNetwork(answer)
  onTestFinished(() => server.close())
  const env = isolatedEnv(folder, { CODERISK_URL: server.url, CODERISK_API_KEY: 'cr_live_private' })
  return { folder, server, verify: (...args) => runCommand(verifyCommand, args, { cwd: folder, env }) }
}

describe('which certificate', () => {
  it.each([
    CERTIFICATE_ID,
    CERTIFICATE_ID.toUpperCase(),
    `https://coderisk.com/certs/${CERTIFICATE_ID}`,
    `https://coderisk.com/certs/${CERTIFICATE_ID}?x=1#verify`,
    `https://coderisk.com/badges/${CERTIFICATE_ID}.svg?style=flat`,
    `https://coderisk.com/v1/trust/certs/${CERTIFICATE_ID}/verify`,
    `https://evil.example/certs/${CERTIFICATE_ID}`,
  ])('%s is asked by its id, of the configured network, without a key', async (name) => {
    const { server, verify } = await setUp()
    expect((await verify(name)).code).toBe(0)
    expect(server.requests).toHaveLength(1)
    expect(server.requests[0]).toMatchObject({
      method: 'GET',
      url: `/v1/trust/certs/${CERTIFICATE_ID}/verify`,
    })
    expect(server.requests[0]!.headers.authorization).toBeUndefined()
  })

  it('in a file is sent whole', async () => {
    const { folder, server, verify } = await setUp()
    const text = JSON.stringify(sampleCertificate(), null, 2)
    writeFileSync(join(folder, 'certificate.json'), text)
    expect((await verify('certificate.json')).code).toBe(0)
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      url: '/v1/trust/verify-signature',
      body: text,
    })
  })

  it.each([
    ['CERT-2026-short', 'is not a certificate id'],
    ['missing.json', 'neither a certificate id nor a file'],
    ['https://coderisk.com/', 'is not the URL of a certificate'],
    [`https://coderisk.com/?x=/certs/${CERTIFICATE_ID}`, 'is not the URL of a certificate'],
    ['.', 'there is no *.bundle.json'],
  ])('%s is exit code 2', async (name, words) => {
    const { server, verify } = await setUp()
    const run = await verify(name)
    expect(run).toMatchObject({ code: 2, stdout: '' })
    expect(run.stderr).toContain(words)
    expect(server.requests).toHaveLength(0)
  })
})

describe('the verdict', () => {
  it('valid is exit code 0, with each check and the age of the status', async () => {
    const { verify } = await setUp()
    const { code, stdout, stderr } = await verify(CERTIFICATE_ID)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`✓ valid  ${CERTIFICATE_ID}`)
    expect(stdout).toMatch(/✓ Revocation status +not revoked as of 2025-01-02T02:48:23\.000Z \(live\)/)
  })

  it.each([
    ['revoked', 'invalid', 'revoked', 'the certificate is revoked'],
    ['expired', 'invalid', 'expired', 'the certificate has expired'],
    ['of unknown status', 'indeterminate', 'status_unavailable', 'whether it was revoked is not known'],
    ['of a newer kind', 'invalid', 'some_new_reason', 'some new reason'],
  ] as const)('%s is exit code 1, in words', async (_name, verdict, reason, words) => {
    const json = sampleVerification({ verdict, reasons: [reason] })
    const { verify } = await setUp(() => ({ status: 200, json }))
    const run = await verify(CERTIFICATE_ID)
    expect(run.code).toBe(1)
    expect(run.stdout).toContain(words)
  })

  it('with --json is the document as it was answered', async () => {
    const json = sampleVerification({
      verdict: 'invalid',
      reasons: ['revoked'],
      revocation_reason: 'superseded',
    })
    const { verify } = await setUp(() => ({ status: 200, json }))
    const run = await verify(CERTIFICATE_ID, '--json')
    expect(run.code).toBe(1)
    expect(JSON.parse(run.stdout)).toEqual(json)
  })

  it('about an unknown certificate is exit code 1: that is an answer', async () => {
    const problem = problemDocument('certificate_not_found', 'req_1')
    const { verify } = await setUp(() => ({ status: 404, json: problem }))
    const run = await verify(CERTIFICATE_ID)
    expect(run.code).toBe(1)
    expect(run.stderr).toContain('No such certificate')
  })

  it.each([
    ['a route that is not there', { status: 404, json: problemDocument('route_not_found', 'r') }],
    [
      'another certificate',
      { status: 200, json: sampleVerification({ certificate_id: 'CERT-2026-0000000000000000' }) },
    ],
    ['no verdict', { status: 200, json: { verdict: 'fine' } }],
    ['reasons that are none', { status: 200, json: { ...sampleVerification(), reasons: [1] } }],
    [
      'checks that are none',
      { status: 200, json: { ...sampleVerification(), checks: { signature: 'yes' } } },
    ],
  ])('from %s is exit code 3', async (_name, answer) => {
    const { verify } = await setUp(() => answer)
    expect(await verify(CERTIFICATE_ID)).toMatchObject({ code: 3, stdout: '' })
  })
})

describe('the code', () => {
  it('of an id is compared with what the network has of it', async () => {
    const code_hash = await hashFiles([{ path: 'a.ts', content: 'a' }])
    const { folder, verify } = await setUp((request) => ({
      status: 200,
      json: request.url.endsWith('/verify') ? sampleVerification() : sampleCertificate({ code_hash }),
    }))
    writeFileSync(join(folder, 'a.ts'), 'a')
    const held = await verify(CERTIFICATE_ID, '--files', 'a.ts')
    expect(held.code).toBe(0)
    expect(held.stdout).toMatch(/✓ Code +is what was certified \(1 file/)
    writeFileSync(join(folder, 'a.ts'), 'b')
    const differs = await verify(CERTIFICATE_ID, '--files', 'a.ts')
    expect(differs.code).toBe(1)
    expect(differs.stdout).toContain(`✗ invalid  ${CERTIFICATE_ID}`)
  })

  it('of another certificate than was asked for is not compared', async () => {
    const { folder, verify } = await setUp((request) => ({
      status: 200,
      json: request.url.endsWith('/verify')
        ? sampleVerification()
        : sampleCertificate({ certificate_id: 'CERT-2026-0000000000000000' }),
    }))
    writeFileSync(join(folder, 'a.ts'), 'a')
    expect(await verify(CERTIFICATE_ID, '--files', 'a.ts')).toMatchObject({ code: 3, stdout: '' })
  })

  it('that is right makes no verdict better', async () => {
    const code_hash = await hashFiles([{ path: 'a.ts', content: 'a' }])
    const { folder, verify } = await setUp((request) => ({
      status: 200,
      json: request.url.endsWith('/verify')
        ? sampleVerification({ verdict: 'indeterminate', reasons: ['status_unavailable'], status: 'unknown' })
        : sampleCertificate({ code_hash }),
    }))
    writeFileSync(join(folder, 'a.ts'), 'a')
    const run = await verify(CERTIFICATE_ID, '--files', 'a.ts')
    expect(run.code).toBe(1)
    expect(run.stdout).toContain('– indeterminate')
  })

  it('is not passed over when the certificate names none', async () => {
    const { folder, verify } = await setUp((request) => ({
      status: 200,
      json: request.url.endsWith('/verify') ? sampleVerification() : { certificate_id: CERTIFICATE_ID },
    }))
    writeFileSync(join(folder, 'a.ts'), 'a')
    const run = await verify(CERTIFICATE_ID, '--files', 'a.ts')
    expect(run.code).toBe(1)
    expect(run.stdout).toMatch(/✗ Code +the certificate names no code to compare with/)
  })
})

it.each([['--allow-unknown-status'], ['--trust-root=x'], ['--root-key=x']])(
  '%s without --offline is exit code 2',
  async (option) => {
    const { verify } = await setUp()
    const run = await verify(CERTIFICATE_ID, option)
    expect(run.code).toBe(2)
    expect(run.stderr).toContain('is for --offline')
  },
)
