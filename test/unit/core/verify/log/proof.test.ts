import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toBase64, utf8 } from '../../../../../core/verify/encoding.ts'
import { formatCheckpoint, openCheckpoint } from '../../../../../core/verify/log/checkpoint.ts'
import { verifyInclusion } from '../../../../../core/verify/log/merkle.ts'
import {
  formatProof,
  MAX_EXTRA_BYTES,
  MAX_PROOF_HASHES,
  parseProof,
} from '../../../../../core/verify/log/proof.ts'
import { ReferenceTree } from './reference-tree.ts'
import { cosign, signer, signNote } from './signing.ts'

const LOG = signer('log.example/one', 1)
const WITNESS = signer('witness.example/w1', 2, 0x04)
const tree = new ReferenceTree(20)
const TEXT = formatCheckpoint({ origin: 'log.example/one', size: 20, root: tree.root(20) })
const CHECKPOINT = signNote(TEXT, LOG) + cosign(TEXT, 1_700_000_000, WITNESS)
const HASHES = tree.path(13, 20)
const PROOF = formatProof({ index: 13, hashes: HASHES, checkpoint: CHECKPOINT })

const hash32 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => new Uint8Array(bytes))
const anyProof = fc.record(
  {
    index: fc.maxSafeNat(),
    hashes: fc.array(hash32, { maxLength: MAX_PROOF_HASHES }),
    checkpoint: fc.constant(CHECKPOINT),
    extra: fc.uint8Array({ minLength: 1, maxLength: 50 }).map((bytes) => new Uint8Array(bytes)),
  },
  { requiredKeys: ['index', 'hashes', 'checkpoint'], noNullPrototype: true },
)

describe('a proof', () => {
  test('is the lines of c2sp.org/tlog-proof', () => {
    const lines = ['c2sp.org/tlog-proof@v1', 'index 13', ...HASHES.map(toBase64), '', CHECKPOINT]
    expect(PROOF).toBe(lines.join('\n'))
    expect(HASHES).toHaveLength(5)
    const extra = formatProof({ index: 0, hashes: [], checkpoint: CHECKPOINT, extra: utf8('age-v1.2.1') })
    expect(extra).toBe(`c2sp.org/tlog-proof@v1\nextra YWdlLXYxLjIuMQ==\nindex 0\n\n${CHECKPOINT}`)
  })

  test('verifies with nothing else', async () => {
    const proof = parseProof(PROOF)!
    const opened = await openCheckpoint(proof.checkpoint, LOG.key)
    const leafHash = tree.leafHashes[13]!
    expect(verifyInclusion({ leafHash, ...proof, size: opened!.size, root: opened!.root })).toBe(true)
  })

  test('comes back', () => {
    fc.assert(
      fc.property(anyProof, (proof) => {
        expect(parseProof(formatProof(proof))).toEqual(proof)
      }),
    )
  })

  test('of noise comes one that is written the same way, or none', () => {
    const hash = toBase64(HASHES[0]!)
    const piece = fc.constantFrom(
      'c2sp.org/tlog-proof@v1',
      '\n',
      '\n\n',
      'index 1',
      'index',
      'extra ',
      'AA==',
      hash,
      CHECKPOINT,
      ' ',
    )
    const noise = fc.array(piece, { maxLength: 12 }).map((list) => list.join(''))
    const likely = fc
      .array(fc.constantFrom('extra AA==', 'extra ', 'index 1', 'index 01', hash, '', 'more'), {
        maxLength: 6,
      })
      .map((lines) => ['c2sp.org/tlog-proof@v1', ...lines, '', CHECKPOINT].join('\n'))
    fc.assert(
      fc.property(fc.oneof(fc.string(), noise, likely), (text) => {
        const proof = parseProof(text)
        if (proof !== null) expect(formatProof(proof)).toBe(text)
      }),
      { numRuns: 3000 },
    )
  })

  test('with one other byte anywhere is none or another, and nothing that verifies', async () => {
    const leafHash = tree.leafHashes[13]!
    const bytes = utf8(PROOF)
    const signed = utf8(PROOF.slice(0, PROOF.indexOf('— witness'))).length
    for (let at = 0; at < bytes.length; at++) {
      const mutated = bytes.slice()
      mutated[at]! ^= 1 << (at % 7)
      const proof = parseProof(new TextDecoder().decode(mutated))
      if (proof === null) continue
      expect(proof, `byte ${at}`).not.toEqual(parseProof(PROOF))
      const opened = await openCheckpoint(proof.checkpoint, LOG.key)
      const holds =
        opened !== null && verifyInclusion({ leafHash, ...proof, size: opened.size, root: opened.root })
      // The lines of the witnesses are not the log's to vouch for.
      expect(holds, `byte ${at}`).toBe(at >= signed)
    }
  })

  const [hash = ''] = HASHES.map(toBase64)
  const lines = (...rows: string[]) => ['c2sp.org/tlog-proof@v1', ...rows, '', CHECKPOINT].join('\n')
  test.each([
    ['nothing', ''],
    ['another version', PROOF.replace('@v1', '@v2')],
    ['a line in front', `\n${PROOF}`],
    ['no index', lines(hash)],
    ['an index of no number', lines('index ')],
    ['an index without its space', lines('index13')],
    ['an index with two spaces', lines('index  13')],
    ['a leading zero', lines('index 013')],
    ['an index below zero', lines('index -1')],
    ['an index of 2^53', lines('index 9007199254740992')],
    ['two indices', lines('index 1', 'index 2')],
    ['extra after the index', lines('index 1', 'extra AA==')],
    ['two extras', lines('extra AA==', 'extra AA==', 'index 1')],
    ['an extra of nothing', lines('extra ', 'index 1')],
    ['an extra with spare bits', lines('extra AB==', 'index 1')],
    ['a hash too short', lines('index 1', hash.slice(4))],
    ['a hash in hex', lines('index 1', '0'.repeat(64))],
    ['a hash with a space behind', lines('index 1', `${hash} `)],
    ['64 hashes', lines('index 1', ...new Array(64).fill(hash))],
    ['an empty line among the hashes', lines('index 1', '', hash)],
    ['two empty lines', lines('index 1', '')],
    ['no checkpoint', 'c2sp.org/tlog-proof@v1\nindex 1\n\n'],
    ['an unsigned checkpoint', `c2sp.org/tlog-proof@v1\nindex 1\n\n${TEXT}`],
    ['a signed note that is no checkpoint', `c2sp.org/tlog-proof@v1\nindex 1\n\n${signNote('a\n', LOG)}`],
    ['a line after the checkpoint', `${PROOF}more\n`],
    ['carriage returns', PROOF.replaceAll('\n', '\r\n')],
    ['far too many lines', lines('index 1', ...new Array(100_000).fill(hash))],
    ['far too long', lines(`extra ${'A'.repeat(40_000_000)}`, 'index 1')],
  ])('malformed: %s', (_, text) => {
    expect(parseProof(text)).toBeNull()
  })

  test('extra data has a length', () => {
    const proof = { index: 1, hashes: [], checkpoint: CHECKPOINT, extra: new Uint8Array(MAX_EXTRA_BYTES) }
    expect(parseProof(formatProof(proof))).toEqual(proof)
    expect(() => formatProof({ ...proof, extra: new Uint8Array(MAX_EXTRA_BYTES + 1) })).toThrow(TypeError)
  })

  test.each([
    ['no checkpoint', { checkpoint: '' }],
    ['an index below zero', { index: -1 }],
    ['a hash of 31 bytes', { hashes: [new Uint8Array(31)] }],
    ['64 hashes', { hashes: new Array(64).fill(new Uint8Array(32)) }],
    ['an extra of nothing', { extra: new Uint8Array() }],
  ])('not written: %s', (_, wrong) => {
    expect(() => formatProof({ index: 1, hashes: HASHES, checkpoint: CHECKPOINT, ...wrong })).toThrow(
      TypeError,
    )
  })
})
