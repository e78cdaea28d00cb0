import { readFileSync } from 'node:fs'
import path from 'node:path'
import { inflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { canonicalText } from '../../../../core/verify/canonical.ts'
import { hashFiles, manifest } from '../../../../core/verify/code-hash.ts'
import { fromHex } from '../../../../core/verify/encoding.ts'
import { examineText } from '../../../../core/verify/examine.ts'
import { parseStrictJson } from '../../../../core/verify/json.ts'
import { statusBit } from '../../../../core/verify/status-list.ts'
import { decodeStatusList } from '../../../../core/verify/status-token.ts'
import { openTrustRoot } from '../../../../core/verify/trust-root.ts'
import type {
  CANONICAL_VECTORS,
  MANIFEST_VECTORS,
  STATUS_LIST_VECTORS,
  STRICT_JSON_VECTORS,
} from '../../../vectors/given.ts'
import { type BundleVector, judgeBundle } from '../../../vectors/judge-bundle.ts'

const FOLDER = path.resolve(import.meta.dirname, '../../../vectors')
const load = <T>(name: string): T => JSON.parse(readFileSync(path.join(FOLDER, `${name}.json`), 'utf8')) as T

const rootKey = load<{ kty: string; crv: string; x: string }>('root-key')
const NOW = new Date('2026-11-25T00:00:00.000Z')

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

test('the root key is public', () => {
  expect(Object.keys(rootKey).sort()).toEqual(['crv', 'kty', 'x'])
})

describe('certificates', () => {
  test.each(load<CertificateVector[]>('certificates'))('$name', async ({ text, signature, key_validity }) => {
    const opened = await openTrustRoot(load('trust-root'), rootKey, { now: NOW })
    if (!opened.ok) throw new Error(opened.reason)
    const examined = await examineText(text, opened.trustRoot)
    expect(examined.signature.reason ?? examined.signature.result).toBe(signature)
    expect(examined.keyValidity.reason ?? examined.keyValidity.result).toBe(key_validity)
  })
})

describe('bundles', () => {
  test.each(load<BundleVector[]>('bundles'))('$name', async (vector) => {
    const { verdict, checks, trust_root } = vector
    expect(await judgeBundle(vector, rootKey)).toEqual({ verdict, checks, trust_root })
  })
})

describe('trust roots', () => {
  test.each(load<TrustRootVector[]>('trust-roots'))(
    '$name',
    async ({ jws, now, minimum_version, reason }) => {
      const opened = await openTrustRoot(jws, rootKey, {
        now: new Date(now),
        minimumVersion: minimum_version,
      })
      expect(opened.ok ? null : opened.reason).toBe(reason)
    },
  )
})

describe('canonical texts', () => {
  test.each(load<typeof CANONICAL_VECTORS>('canonical'))('$name', ({ input, canonical }) => {
    if (canonical === null) expect(() => canonicalText(JSON.parse(input))).toThrow()
    else expect(canonicalText(JSON.parse(input))).toBe(canonical)
  })
})

describe('strict JSON', () => {
  test.each(load<typeof STRICT_JSON_VECTORS>('strict-json'))('$name', ({ text, reason }) => {
    const parsed = parseStrictJson(text)
    expect(parsed.ok ? null : parsed.reason).toBe(reason)
  })
})

describe('manifests', () => {
  test.each(load<typeof MANIFEST_VECTORS>('manifest'))('%#', async ({ files, manifest: text, sha256 }) => {
    expect(await manifest(files)).toBe(text)
    expect(await hashFiles(files)).toBe(sha256)
  })
})

test('status list', async () => {
  const { bytes, lst, bits } = load<typeof STATUS_LIST_VECTORS>('status-list')
  const list = fromHex(bytes)!
  expect(new Uint8Array(inflateSync(Buffer.from(lst, 'base64url')))).toEqual(list)
  expect(await decodeStatusList(lst, list.length)).toEqual(list)
  expect(bits.map((_, index) => statusBit(list, index))).toEqual(
    bits.map((bit) => (bit === null ? null : bit === 1)),
  )
})
