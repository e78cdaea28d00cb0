import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  cosignatureLine,
  cosignedMessage,
  verifyCosignature,
} from '../../../../../core/verify/log/cosignature.ts'
import { formatNote, parseNote, type SignedNote, signatureLine } from '../../../../../core/verify/log/note.ts'
import { cosign, signer, signNote } from './signing.ts'

const LOG = signer('log.example/one', 1)
const WITNESS = signer('witness.example/w1', 2, 0x04)
const TEXT = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n'
const TIME = 1_679_315_147

const withLines = (...lines: string[]): SignedNote => {
  const note = parseNote(formatNote(TEXT, [signatureLine(LOG.key, LOG.sign(TEXT)), ...lines]))
  if (note === null) throw new Error('malformed')
  return note
}

describe('a cosignature', () => {
  test('is over the header, the time and the whole text: the example of c2sp.org/tlog-cosignature', () => {
    expect(new TextDecoder().decode(cosignedMessage(TIME, TEXT))).toBe(
      'cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n',
    )
  })

  test('holds, and tells its time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.maxSafeNat(), async (time) => {
        const note = withLines(cosign(TEXT, time, WITNESS))
        expect(await verifyCosignature(note, WITNESS.key)).toEqual({ witness: WITNESS.key, time })
      }),
      { numRuns: 20 },
    )
  })

  test('the time is eight bytes, the highest first', () => {
    const line = cosignatureLine(WITNESS.key, 0x0102_0304_0506, new Uint8Array(64))
    const { signature } = withLines(line).signatures[1]!
    expect([...signature.slice(0, 8)]).toEqual([0, 0, 1, 2, 3, 4, 5, 6])
    expect(signature).toHaveLength(72)
  })

  test('with any bit turned it does not hold', async () => {
    const [, { signature }] = withLines(cosign(TEXT, TIME, WITNESS)).signatures as [
      unknown,
      { signature: Uint8Array },
    ]
    for (let at = 0; at < signature.length; at++) {
      const turned = signature.slice()
      turned[at]! ^= 1 << (at % 8)
      const note = withLines(signatureLine(WITNESS.key, turned))
      expect(await verifyCosignature(note, WITNESS.key), `byte ${at}`).toBeNull()
    }
  })

  test('is not the one of another text, of another witness, or of the log', async () => {
    const note = withLines(cosign(TEXT, TIME, WITNESS))
    const other = signer('witness.example/w2', 3, 0x04)
    expect(await verifyCosignature({ ...note, text: TEXT.replace('2', '3') }, WITNESS.key)).toBeNull()
    expect(await verifyCosignature(note, other.key)).toBeNull()
    expect(await verifyCosignature(note, LOG.key)).toBeNull()
    expect(await verifyCosignature(withLines(), WITNESS.key)).toBeNull()
  })

  test('an Ed25519 signature over the text alone is none', async () => {
    expect(await verifyCosignature(parseNote(signNote(TEXT, WITNESS))!, WITNESS.key)).toBeNull()
    const plain = new Uint8Array([...new Uint8Array(8), ...WITNESS.sign(TEXT)])
    expect(await verifyCosignature(withLines(signatureLine(WITNESS.key, plain)), WITNESS.key)).toBeNull()
  })

  test('the same key as a log key has another id, and does not cosign', async () => {
    const asLog = signer('witness.example/w1', 2, 0x01)
    expect(asLog.key.id).not.toEqual(WITNESS.key.id)
    const line = cosignatureLine(asLog.key, TIME, WITNESS.sign(cosignedMessage(TIME, TEXT)))
    expect(await verifyCosignature(withLines(line), WITNESS.key)).toBeNull()
    expect(await verifyCosignature(withLines(line), asLog.key)).toBeNull()
  })

  test('the first one of a witness counts', async () => {
    const right = cosign(TEXT, TIME, WITNESS)
    const later = cosign(TEXT, TIME + 1, WITNESS)
    const wrong = cosign(`${TEXT} `, TIME, WITNESS)
    expect(await verifyCosignature(withLines(right, later), WITNESS.key)).toMatchObject({ time: TIME })
    expect(await verifyCosignature(withLines(wrong, right), WITNESS.key)).toBeNull()
  })

  test('a time that is no safe integer is refused, though it is signed', async () => {
    const bytes = new Uint8Array(72)
    new DataView(bytes.buffer).setBigUint64(0, 2n ** 53n)
    bytes.set(WITNESS.sign(`cosignature/v1\ntime ${2n ** 53n}\n${TEXT}`), 8)
    expect(await verifyCosignature(withLines(signatureLine(WITNESS.key, bytes)), WITNESS.key)).toBeNull()
  })

  test.each([-1, 0.5, Number.NaN, 2 ** 53])('%d is no time', (time) => {
    expect(() => cosignedMessage(time, TEXT)).toThrow(RangeError)
    expect(() => cosignatureLine(WITNESS.key, time, new Uint8Array(64))).toThrow(RangeError)
  })
})
