import { describe, expect, it } from 'vitest'
import { findSecrets } from '../../core/analysis/security/secrets.ts'
import { keyIdentifier } from '../../core/keys/kid.ts'
import { verifyRs256 } from '../../core/verify/signature.ts'
import { openTrustRoot } from '../../core/verify/trust-root.ts'
import { createSealedVault } from '../../workers/core/adapters/sealed-vault.ts'
import { renderBadge } from '../../workers/edge/badges.ts'
import { BoundedMap } from '../../workers/edge/bounded-map.ts'

const random = (count: number) => crypto.getRandomValues(new Uint8Array(count))
const newSecret = () => btoa(String.fromCharCode(...random(32)))

describe('libraries that were made for other places', () => {
  it('badge-maker draws', () => {
    const { svg, etag } = renderBadge({ status: 'valid', riskLevel: 'LOW', riskScore: 3.2, label: '<&">' })
    expect(svg).toContain('valid · LOW 3.2')
    expect(svg).toContain('&lt;&amp;&quot;&gt;')
    expect(etag).toMatch(/^"[0-9a-f]{16}"$/)
  })

  it('secretlint finds a secret where it is', async () => {
    const content = `line one\nconst token = "ghp_${'0123456789abcdefghijABCDEFGHIJ012345'}"\n`
    const file = {
      path: 'a.ts',
      content,
      addedLines: new Set([1, 2]),
      deletedLineCount: 0,
      previousKnown: false,
    }
    expect(await findSecrets([file])).toEqual([
      { path: 'a.ts', line: 2, rule: expect.stringMatching(/github/) },
    ])
    expect(await findSecrets([{ ...file, addedLines: new Set([1]) }])).toEqual([])
  })
})

describe('the sealed vault with workerd’s own RSA-4096 and AES-GCM', () => {
  it('seals a key, opens it again, and its signatures verify', async () => {
    const vault = createSealedVault({ secret: newSecret(), random })
    const key = await vault.generate()
    const kid = await keyIdentifier(key.publicJwk, new Date())
    const sealed = await key.seal(kid)
    const message = random(1000)
    const signature = await (await vault.signer(kid, sealed)).sign(message)
    expect(signature.length).toBe(512)
    expect(await verifyRs256(key.publicJwk, signature, message)).toBe(true)
    message[0]! ^= 1
    expect(await verifyRs256(key.publicJwk, signature, message)).toBe(false)

    const tampered = sealed.slice()
    tampered[tampered.length - 1]! ^= 1
    const refusals = [
      createSealedVault({ secret: newSecret(), random }).signer(kid, sealed),
      vault.signer(`${kid.slice(0, -1)}x`, sealed),
      vault.signer(`${kid.slice(0, -1)}y`, tampered),
    ]
    for (const refusal of await Promise.allSettled(refusals)) expect(refusal.status).toBe('rejected')
  })

  it('signs a trust root that the pinned key opens, and no other', async () => {
    const { privateKey, publicKey } = (await crypto.subtle.generateKey('Ed25519', true, [
      'sign',
      'verify',
    ])) as CryptoKeyPair
    const networkRootKey = JSON.stringify(await crypto.subtle.exportKey('jwk', privateKey))
    const pinned = (await crypto.subtle.exportKey('jwk', publicKey)) as JsonWebKey
    const document = {
      type: 'coderisk-trust-root',
      version: 1,
      issued_at: '2026-11-21T00:00:00.000Z',
      expires_at: '2126-11-21T00:00:00.000Z',
      keys: [],
      status_lists: [],
    }
    const payload = new TextEncoder().encode(JSON.stringify(document)) as Uint8Array<ArrayBuffer>
    const jws = await createSealedVault({ secret: newSecret(), networkRootKey, random }).signTrustRoot(
      payload,
    )
    const pin = { kty: 'OKP', crv: 'Ed25519', x: pinned.x! } as const
    expect(await openTrustRoot(jws, pin, { now: new Date() })).toMatchObject({ ok: true })
    const other = {
      ...pin,
      x: btoa(String.fromCharCode(...random(32)))
        .replaceAll('+', '-')
        .replaceAll('/', '_')
        .replaceAll('=', ''),
    }
    expect(await openTrustRoot(jws, other, { now: new Date() })).toMatchObject({
      ok: false,
      reason: 'trust_root_not_pinned',
    })
    expect(await createSealedVault({ secret: newSecret(), random }).signTrustRoot(payload)).toBeNull()
  })
})

describe('the bounded map', () => {
  it('forgets what was not used lately, and never holds more than its budget', () => {
    const map = new BoundedMap<number>(100)
    for (let i = 0; i < 10; i++) map.set(`k${i}`, i, 10)
    expect(map.get('k0')).toBe(0)
    map.set('new', 10, 10)
    expect([map.get('k0'), map.get('k1'), map.get('k9'), map.get('new')]).toEqual([0, undefined, 9, 10])
    map.set('too large', 1, 101)
    expect([map.get('too large'), map.get('new')]).toEqual([undefined, 10])
    map.set('large', 1, 90)
    expect([map.get('large'), map.get('new'), map.get('k0')]).toEqual([1, undefined, undefined])
    map.set('large', 2, 40)
    map.set('more', 3, 60)
    expect([map.get('large'), map.get('more')]).toEqual([2, 3])
    map.delete('more')
    expect([map.get('large'), map.get('more')]).toEqual([2, undefined])
  })
})
