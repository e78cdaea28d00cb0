import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeChanges, describeTrustRoot } from '../../../../cli/trust/describe.ts'
import { openDraft } from '../../../../cli/trust/draft.ts'
import { readTrustRoot } from '../../../../core/verify/index.ts'

const NOW = new Date('2026-11-21T00:00:00.000Z')
const KEY = {
  kid: 'key-202611-1a2b3c4d',
  algorithm: 'RS256',
  state: 'active',
  valid_from: '2026-11-21T00:00:00.000Z',
  valid_to: null,
  jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' },
  pem: '',
}
const ROOT = {
  type: 'coderisk-trust-root',
  version: 1,
  issued_at: '2026-11-21T00:00:00.000Z',
  expires_at: '2026-12-21T00:00:00.000Z',
  keys: [KEY],
  status_lists: [],
}
const draft = (root: object) => ({ version: 1, payload: JSON.stringify(root), due: true, current: null })

describe('a draft', () => {
  it('is one only if its payload is a trust root', () => {
    expect(openDraft(draft(ROOT))).toMatchObject({ trustRoot: ROOT, current: null })
  })

  it('is never a stray error, whatever it is', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.record(
        { version: fc.integer(), payload: fc.oneof(fc.string(), fc.json()), current: fc.jsonValue() },
        { requiredKeys: [] },
      ),
      fc.jsonValue().map((signed) => ({ ...draft(ROOT), current: { signed } })),
    )
    fc.assert(fc.property(anything, (value) => openDraft(value) === null))
  })
})

describe('what a trust root says', () => {
  const member = fc.tuple(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' }))

  it('can be printed, whatever more it has: every member is seen, and no control character', () => {
    fc.assert(
      fc.property(fc.constantFrom('root', 'key'), member, (where, [name, value]) => {
        const more = Object.fromEntries([[name, value]])
        const changed = where === 'root' ? { ...more, ...ROOT } : { ...ROOT, keys: [{ ...more, ...KEY }] }
        const root = readTrustRoot(JSON.stringify(changed))
        fc.pre(root !== null && !(name in (where === 'root' ? ROOT : KEY)))
        const before = readTrustRoot(JSON.stringify(ROOT))!
        const changes = describeChanges(root!, before, NOW)
        const lines = [...describeTrustRoot(root!, NOW), ...changes]
        expect(changes.some((line) => / \+ /.test(line))).toBe(true)
        // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is the point
        expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
      }),
    )
  })
})
