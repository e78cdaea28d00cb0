import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { rootKeyThumbprint } from '../../../../../../cli/trust-store.ts'
import { parseBundle, verifyBundle } from '../../../../../../core/verify/bundle.ts'
import { readClaim } from '../../../../../../workers/edge/pages/proof/claim.ts'
import { type ComparedCode, readCodeHere } from '../../../../../../workers/edge/pages/proof/code.ts'
import { reportBundle } from '../../../../../../workers/edge/pages/proof/report-bundle.ts'
import { type RootKey, readRootKey } from '../../../../../../workers/edge/pages/proof/root-key.ts'
import {
  makeBundle,
  makeNetwork,
  makeNoteKey,
  makeProof,
  makeToken,
  NOW,
  networkTrustRoot,
  oneWitness,
  signTrustRoot,
  type TestNetwork,
  trustRootLog,
} from '../../../../core/verify/bundle-fixtures.ts'
import { makeCertificate, signedJson } from '../../../../core/verify/fixtures.ts'

let network: TestNetwork
let rootKey: RootKey
beforeAll(async () => {
  network = makeNetwork()
  rootKey = (await readRootKey(network.root.jwk))!
}, 120_000)

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

async function report(more: Record<string, unknown> = {}, now = NOW, code?: ComparedCode) {
  const text = JSON.stringify(makeBundle(network, more))
  const options = { rootKey: rootKey.jwk, now, code: code?.here.given }
  return reportBundle(await verifyBundle(text, options), parseBundle(text), rootKey, now, code)
}

/** A certificate of one piece of code, and a file with that or another. */
async function withCode(content: string) {
  const certificate = signedJson(
    network.key,
    makeCertificate({ code_hash: sha256('right'), code_hash_method: 'sha256' }),
  )
  const claim = readClaim(JSON.stringify(certificate))!
  const file = { path: 'a.ts', open: async () => new Blob([content]) }
  const here = (await readCodeHere(claim, [file]))!
  return report({ certificate }, NOW, { claim, here })
}

const result = async (made: ReturnType<typeof report>, title: string) =>
  (await made).steps.find((step) => step.title === title)

describe('a bundle in which everything holds', () => {
  it('is verified, with what each check rests on', async () => {
    const { tone, title, steps } = await report({}, new Date(NOW.getTime() + 180_000))
    expect({ tone, title }).toEqual({ tone: 'good', title: 'Verified offline, in this browser.' })
    expect(steps.map(({ title, result }) => [title, result])).toEqual([
      ['Trust root', 'passed'],
      ['Signature', 'passed'],
      ['Signing key', 'passed'],
      ['Period', 'passed'],
      ['Revocation', 'passed'],
      ['Transparency log', 'passed'],
      ['Witnesses', 'noted'],
    ])
    expect(steps[0]).toMatchObject({
      value: rootKey.thumbprint,
      detail: expect.stringContaining('Version 7, good until'),
    })
    expect(steps[4]?.detail).toContain('2026-11-25 12:00:00 UTC, 3 minutes ago')
    expect(steps[4]?.detail).toContain('may be used until 2026-11-26 12:00 UTC')
    expect(steps[5]?.detail).toBe('Its issue is entry 5 in a signed tree of 11 entries.')
    expect(steps[6]?.detail).toBe('The network asks for no witnesses.')
  })

  it('is verified with its witnesses, and with its code', async () => {
    const trust_root = signTrustRoot(
      network.root,
      networkTrustRoot(network, { log: trustRootLog(network, { witness_policy: oneWitness(network) }) }),
    )
    const certificate = signedJson(network.key)
    const log_proof = makeProof(network.log, certificate, { witnesses: [network.witnesses[1]] })
    expect((await result(report({ trust_root, certificate, log_proof }), 'Witnesses'))?.result).toBe('passed')
    const { tone, title, steps } = await withCode('right')
    expect({ tone, title }).toEqual({
      tone: 'good',
      title: 'Verified offline, in this browser, and the code is what was certified.',
    })
    expect(steps.at(-1)).toMatchObject({
      title: 'Compare the code',
      result: 'passed',
      value: sha256('right'),
    })
  })
})

describe('a bundle in which something does not hold', () => {
  const cases: [string, () => ReturnType<typeof report>, string, string, string][] = [
    [
      'revoked',
      () => report({ status_list: makeToken(network.key, { revoked: [5] }) }),
      'bad',
      'revoked',
      'Revocation',
    ],
    [
      'expired',
      () =>
        report({
          certificate: signedJson(network.key, makeCertificate({ expires_at: '2026-11-24T00:00:00.000Z' })),
        }),
      'warn',
      'expired',
      'Period',
    ],
    ['of other code', () => withCode('wrong'), 'bad', 'not for this code', 'Compare the code'],
    [
      'changed',
      () => report({ certificate: { ...signedJson(network.key), risk_score: 0 } }),
      'bad',
      'Do not rely',
      'Signature',
    ],
    [
      'under a trust root that vouches for itself',
      () => report({ trust_root: signTrustRoot(makeNoteKey('other'), networkTrustRoot(network)) }),
      'bad',
      'vouches for itself',
      'Trust root',
    ],
    [
      'with a proof of another log',
      () => report({ log_proof: makeProof(makeNoteKey('network.example/log'), signedJson(network.key)) }),
      'bad',
      'Do not rely',
      'Transparency log',
    ],
  ]
  it.each(cases)('%s', async (_, make, tone, words, title) => {
    const made = await make()
    expect(made.tone).toBe(tone)
    expect(made.title).toContain(words)
    expect(made.steps.find((step) => step.title === title)?.result).toBe('failed')
  })

  it('an old status decides nothing, and its age is told', async () => {
    const made = report({}, new Date(NOW.getTime() + 3 * 86_400_000))
    expect((await made).tone).toBe('unsure')
    const step = await result(made, 'Revocation')
    expect(step?.result).toBe('unsure')
    expect(step?.detail).toContain('3 days ago')
  })

  it('what is no bundle at all is refused', async () => {
    const text = '{"media_type":"application/vnd.coderisk.bundle+json"}'
    const made = reportBundle(
      await verifyBundle(text, { rootKey: rootKey.jwk, now: NOW }),
      null,
      rootKey,
      NOW,
    )
    expect(made.tone).toBe('bad')
    expect(made.steps.map((step) => step.result)).not.toContain('passed')
  })
})

describe('the root key', () => {
  it('has the thumbprint that the command shows', () => {
    expect(rootKey.thumbprint).toBe(
      rootKeyThumbprint(network.root.jwk as Parameters<typeof rootKeyThumbprint>[0]),
    )
  })

  it.each([
    null,
    'x',
    {},
    { kty: 'RSA' },
    { kty: 'OKP', crv: 'X25519', x: 'AA' },
    { kty: 'OKP', crv: 'Ed25519' },
  ])('%j is none', async (value) => {
    expect(await readRootKey(value)).toBeNull()
  })
})
