import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readEntry } from '../../../../cli/log/entry.ts'
import { canonicalBytes, makeLogEntry } from '../../../../core/verify/index.ts'

const TIME = '2026-11-21T00:00:00.000Z'
const DIGEST = 'd'.repeat(64)

describe('what the network writes is read', () => {
  it.each([
    ['certificate.issued', {}],
    ['certificate.revoked', { reason: 'superseded' }],
    ['key.created', {}],
    ['key.activated', {}],
    ['key.retired', {}],
    ['key.compromised', { log_index: '12' }],
    ['trust_root.published', { version: '7' }],
    ['organisation.created', {}],
    ['api_key.created', { scopes: 'operator', mode: 'live' }],
    ['api_key.revoked', {}],
    ['arc.published', {}],
  ] as const)('%s', async (type, details) => {
    const { bytes } = await makeLogEntry(type, 'an id', TIME, DIGEST, details)
    expect(readEntry(bytes)).toMatchObject({
      ok: true,
      known: true,
      entry: { type, time: TIME, digest: DIGEST },
    })
  })
})

it('never throws, and reads nothing out of what is random', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(readEntry(bytes).ok).toBe(false)
    }),
  )
})

it('reads an object exactly if it has the four members in their form', () => {
  const hex = fc.oneof(fc.constant(DIGEST), fc.string({ maxLength: 70 }))
  const time = fc.oneof(fc.constant(TIME), fc.string())
  const record = fc.record(
    { type: fc.oneof(fc.string(), fc.jsonValue()), subject: hex, time, digest: hex, other: fc.jsonValue() },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(record, (entry) => {
      const { type, subject, time: at, digest } = entry
      const proper = typeof type === 'string' && subject === DIGEST && at === TIME && digest === DIGEST
      let bytes: Uint8Array
      try {
        bytes = canonicalBytes(entry)
      } catch {
        return
      }
      expect(readEntry(bytes).ok).toBe(proper)
    }),
  )
})

it('refuses any other form of the same object', () => {
  const entry = { type: 'weather.changed', subject: DIGEST, time: TIME, digest: DIGEST }
  const text = new TextDecoder().decode(canonicalBytes(entry))
  const bytes = (changed: string) => new TextEncoder().encode(changed)
  expect(readEntry(bytes(text))).toMatchObject({ ok: true, known: false })
  for (const changed of [
    `${text}\n`,
    ` ${text}`,
    `\ufeff${text}`,
    text.replace(':', ' :'),
    `${text}${text}`,
  ]) {
    expect(readEntry(bytes(changed)).ok).toBe(false)
  }
})
