import { describe, expect, it } from 'vitest'
import { canonicalText } from '../../core/verify/canonical.ts'
import { hashFiles, manifest } from '../../core/verify/code-hash.ts'
import { fromHex } from '../../core/verify/encoding.ts'
import { examineText } from '../../core/verify/examine.ts'
import { parseStrictJson } from '../../core/verify/json.ts'
import { statusBit } from '../../core/verify/status-list.ts'
import { decodeStatusList, encodeStatusList } from '../../core/verify/status-token.ts'
import { openTrustRoot } from '../../core/verify/trust-root.ts'
// As text: some hold what a JavaScript module may not.
import bundles from '../vectors/bundles.json?raw'
import canonical from '../vectors/canonical.json?raw'
import certificates from '../vectors/certificates.json?raw'
import type {
  CANONICAL_VECTORS,
  MANIFEST_VECTORS,
  STATUS_LIST_VECTORS,
  STRICT_JSON_VECTORS,
} from '../vectors/given.ts'
import { type BundleVector, judgeBundle } from '../vectors/judge-bundle.ts'
import manifests from '../vectors/manifest.json?raw'
import rootKey from '../vectors/root-key.json?raw'
import statusList from '../vectors/status-list.json?raw'
import strictJson from '../vectors/strict-json.json?raw'
import trustRoot from '../vectors/trust-root.json?raw'
import trustRoots from '../vectors/trust-roots.json?raw'

const NOW = new Date('2026-11-25T00:00:00.000Z')
const read = <T>(text: string): T => JSON.parse(text) as T

interface CertificateVector {
  readonly name: string
  readonly text: string
  readonly signature: string
  readonly key_validity: string
}

interface TrustRootVector {
  readonly name: string
  readonly jws: unknown
  readonly now: string
  readonly minimum_version: number
  readonly reason: string | null
}

describe('the vectors of the kernel, with the cryptography of workerd', () => {
  it.each(read<CertificateVector[]>(certificates))(
    'certificate: $name',
    async ({ text, signature, key_validity }) => {
      const opened = await openTrustRoot(read(trustRoot), read(rootKey), { now: NOW })
      if (!opened.ok) throw new Error(opened.reason)
      const examined = await examineText(text, opened.trustRoot)
      expect(examined.signature.reason ?? examined.signature.result).toBe(signature)
      expect(examined.keyValidity.reason ?? examined.keyValidity.result).toBe(key_validity)
    },
  )

  it.each(read<BundleVector[]>(bundles))('bundle: $name', async (vector) => {
    const { verdict, checks, trust_root } = vector
    expect(await judgeBundle(vector, read(rootKey))).toEqual({ verdict, checks, trust_root })
  })

  it.each(read<TrustRootVector[]>(trustRoots))(
    'trust root: $name',
    async ({ jws, now, minimum_version, reason }) => {
      const options = { now: new Date(now), minimumVersion: minimum_version }
      const opened = await openTrustRoot(jws, read(rootKey), options)
      expect(opened.ok ? null : opened.reason).toBe(reason)
    },
  )

  it.each(read<typeof CANONICAL_VECTORS>(canonical))(
    'canonical form: $name',
    ({ input, canonical: text }) => {
      if (text === null) expect(() => canonicalText(JSON.parse(input))).toThrow()
      else expect(canonicalText(JSON.parse(input))).toBe(text)
    },
  )

  it.each(read<typeof STRICT_JSON_VECTORS>(strictJson))('strict JSON: $name', ({ text, reason }) => {
    const parsed = parseStrictJson(text)
    expect(parsed.ok ? null : parsed.reason).toBe(reason)
  })

  it('manifests, and status lists', async () => {
    for (const { files, manifest: text, sha256 } of read<typeof MANIFEST_VECTORS>(manifests)) {
      expect(await manifest(files)).toBe(text)
      expect(await hashFiles(files)).toBe(sha256)
    }
    const { bytes, lst, bits } = read<typeof STATUS_LIST_VECTORS>(statusList)
    const known = fromHex(bytes)!
    expect(await decodeStatusList(lst, known.length)).toEqual(known)
    expect(await decodeStatusList(await encodeStatusList(known), known.length)).toEqual(known)
    expect(await decodeStatusList(lst, known.length - 1)).toBeNull()
    expect(bits.map((_, index) => statusBit(known, index))).toEqual(
      bits.map((bit) => (bit === null ? null : bit === 1)),
    )
  })
})
