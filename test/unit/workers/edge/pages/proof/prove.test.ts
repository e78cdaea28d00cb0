import { generateKeyPairSync, sign } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalBytes, signedMembers } from '../../../../../../core/verify/canonical.ts'
import { conclude, readLiveAnswer } from '../../../../../../workers/edge/pages/proof/conclude.ts'
import { type ProofInput, prove } from '../../../../../../workers/edge/pages/proof/prove.ts'
import { certificate, ID, verification } from '../fixtures.ts'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 4096 })
const kid = 'key-202611-1a2b3c4d'
const keySet = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }] }
const now = new Date('2026-11-20T00:00:00Z')
const signed = signCertificate(certificate())

function signCertificate(one: ReturnType<typeof certificate>) {
  const value = sign('sha256', canonicalBytes(signedMembers(one)), privateKey).toString('base64')
  return { ...one, signature: { algorithm: 'RS256' as const, public_key_id: kid, value } }
}

function check(value: unknown, more: Partial<ProofInput> = {}) {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return prove({ text, keySet, now, expectedId: ID, ...more })
}

const CODE = 'The signature holds, but not for this code.'
const failedTitle = (proof: Awaited<ReturnType<typeof check>>) =>
  proof.steps.find((step) => step.result === 'failed')?.title ?? null

describe('a certificate that was signed', () => {
  it('passes every step, with the bytes and the hash to compare', async () => {
    const proof = await check(signed)
    expect(proof.failure).toBeNull()
    expect(proof.steps.map((step) => step.result)).toEqual(Array(6).fill('passed'))
    expect(proof.steps[1]?.detail).toContain(
      `${canonicalBytes(signedMembers(signed)).length.toLocaleString('en-GB')} bytes`,
    )
    expect(proof.steps[1]?.value).toMatch(/^[0-9a-f]{64}$/)
    expect(proof.steps[2]?.detail).toContain('4096 bits')
    expect(proof.certificate?.certificate_id).toBe(ID)
  })

  it('passes whatever the live members say: they are not signed', async () => {
    const proof = await check({ ...signed, status: 'revoked', blockchain_hash: 'x', log: undefined })
    expect(proof.failure).toBeNull()
  })

  it('passes as a JWS over the same bytes', async () => {
    const header = Buffer.from(JSON.stringify({ alg: 'RS256', kid })).toString('base64url')
    const payload = Buffer.from(canonicalBytes(signedMembers(signed))).toString('base64url')
    const signature = sign('sha256', Buffer.from(`${header}.${payload}`), privateKey).toString('base64url')
    expect((await check({ protected: header, payload, signature })).failure).toBeNull()
    const other = Buffer.from(JSON.stringify({ ...signedMembers(signed), risk_score: 0 })).toString(
      'base64url',
    )
    expect((await check({ protected: header, payload: other, signature })).failure).toBe('content')
  })
})

describe('a certificate that was changed', () => {
  const members = Object.keys(signedMembers(signed))
  it.each(members)('fails when %s is another', async (member) => {
    const value = (signed as Record<string, unknown>)[member]
    const changed = {
      ...signed,
      [member]: typeof value === 'number' ? value - 0.1 : `${JSON.stringify(value)}x`,
    }
    const proof = await check(changed)
    expect(proof.failure).toBe('content')
    expect(proof.certificate).toBeNull()
    expect(conclude(proof, readLiveAnswer(verification())).tone).toBe('bad')
  })

  it('fails at the signature, and what follows is not reached', async () => {
    const proof = await check({ ...signed, risk_score: 0.1 })
    expect(failedTitle(proof)).toBe('Check the signature')
    expect(proof.steps.slice(-2).map((step) => step.result)).toEqual(['skipped', 'skipped'])
  })
})

describe('other refusals', () => {
  const text = JSON.stringify(signed)
  const weak = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const cases: [string, unknown, Partial<ProofInput>, string][] = [
    [
      'a valid certificate of other code',
      signed,
      { expectedId: 'CERT-2026-0000000000000000' },
      'Compare the id',
    ],
    ['a key that the network does not publish', signed, { keySet: { keys: [] } }, 'Find the signing key'],
    ['no key set at all', signed, { keySet: 'keys' }, 'Find the signing key'],
    [
      'a key that is too short',
      signed,
      { keySet: { keys: [{ ...weak.publicKey.export({ format: 'jwk' }), kid }] } },
      'Check the signature',
    ],
    ['a member named twice', text.replace('{', '{"risk_score":0,'), {}, 'Read the certificate'],
    [
      'a certificate of test mode',
      signCertificate(certificate({ livemode: false })),
      {},
      'Read the certificate',
    ],
    ['no signature', signedMembers(signed), {}, 'Read the certificate'],
    ['a lone surrogate', text.replace('claude-code', '\\ud800'), {}, 'Read the certificate'],
  ]
  it.each(cases)('%s', async (_, value, more, title) => {
    const proof = await check(value, more)
    expect(proof.failure).toBe('content')
    expect(failedTitle(proof)).toBe(title)
  })

  it('an expired certificate keeps its signature and fails by its period alone', async () => {
    const proof = await check(signed, { now: new Date('2026-12-02T00:00:00Z') })
    expect(proof.failure).toBe('period')
    expect(conclude(proof, null)).toMatchObject({ tone: 'warn', title: expect.stringContaining('expired') })
  })

  it('a page that shows other values than were signed', async () => {
    const compare = () => ({ title: 'Compare this page with it', result: 'failed', detail: '' }) as const
    expect((await check(signed, { compare })).failure).toBe('content')
  })

  it('code that is not what was certified, whose period is looked at all the same', async () => {
    const compareCode = async () => ({ title: 'Compare the code', result: 'failed', detail: '' }) as const
    const proof = await check(signed, { compareCode })
    expect(proof.failure).toBe('code')
    expect(proof.steps.at(-1)?.title).toBe('Compare the code')
    expect(conclude(proof, readLiveAnswer(verification()))).toMatchObject({ tone: 'bad', title: CODE })
    const changed = await check({ ...signed, risk_score: 0 }, { compareCode })
    expect([changed.failure, changed.steps.length]).toEqual(['content', 6])
  })

  it('never throws and never passes anything else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (any) => {
        expect((await check(any)).failure).toBe('content')
      }),
    )
  })
})

describe('the conclusion', () => {
  it.each([
    ['good', verification()],
    ['bad', verification({ verdict: 'invalid', status: 'revoked', reasons: ['revoked'] })],
    ['unsure', verification({ verdict: 'indeterminate', status: 'unknown', reasons: ['status_stale'] })],
    ['unsure', null],
    ['unsure', 'true'],
    ['unsure', { verdict: true }],
  ])('is %s for what the network says', async (tone, answer) => {
    expect(conclude(await check(signed), readLiveAnswer(answer)).tone).toBe(tone)
  })

  it('is bad for a changed certificate even if the network calls it valid', async () => {
    const conclusion = conclude(await check({ ...signed, risk_score: 0 }), readLiveAnswer(verification()))
    expect(conclusion).toMatchObject({
      tone: 'bad',
      title: 'Verification failed. Do not rely on this certificate.',
    })
  })
})
