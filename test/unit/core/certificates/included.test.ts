import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pendingLeafHash, withInclusion } from '../../../../core/certificates/included.ts'
import { utf8 } from '../../../../core/verify/encoding.ts'
import { hashLeaf } from '../../../../core/verify/log/merkle.ts'
import { pendingLog } from '../../../../core/verify/log-entry.ts'
import { certificateText } from '../../../../core/verify/present.ts'

const SIGNATURE = { algorithm: 'RS256', public_key_id: 'key-202611-0a1b2c3d', value: 'AAAA' } as const
const PROOF = {
  index: 7,
  tree_size: 9,
  root_hash: 'ab'.repeat(32),
  hashes: ['cd'.repeat(32)],
  checkpoint: 'x\n',
}

test('puts the proof in the place of the pending entry, and leaves every signed byte where it is', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string(), { minKeys: 1 }), (members) => {
      const signed = JSON.stringify(members)
      const leafHash = hashLeaf(utf8(signed))
      const body = certificateText(signed, SIGNATURE, 'valid', pendingLog(leafHash))
      const included = withInclusion(body, PROOF)
      expect(included.startsWith(signed.slice(0, -1))).toBe(true)
      expect(JSON.parse(included)).toEqual({
        ...JSON.parse(body),
        log: { state: 'included', leaf_hash: pendingLeafHash(body), index: 7, proof: PROOF },
      })
    }),
  )
})

test.each([
  '{}',
  '',
  '{"log":{"state":"included","leaf_hash":"ab","index":1}}',
  `{"log":{"state":"pending","leaf_hash":"${'ab'.repeat(32)}"},"x":1}`,
])('leaves alone what has no pending entry at its end: %s', (body) => {
  expect(pendingLeafHash(body)).toBeNull()
  expect(withInclusion(body, PROOF)).toBe(body)
})
