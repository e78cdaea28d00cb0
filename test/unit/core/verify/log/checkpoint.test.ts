import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { utf8 } from '../../../../../core/verify/encoding.ts'
import {
  formatCheckpoint,
  openCheckpoint,
  parseCheckpoint,
} from '../../../../../core/verify/log/checkpoint.ts'
import { EMPTY_ROOT } from '../../../../../core/verify/log/merkle.ts'
import { formatNote, signatureLine } from '../../../../../core/verify/log/note.ts'
import { signer, signNote } from './signing.ts'

const LOG = signer('log.example/one', 1)
const ROOT = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I='
const TEXT = `log.example/one\n20852163\n${ROOT}\n`

const anyCheckpoint = fc.record({
  origin: fc.string({ unit: fc.constantFrom('a', 'ö', ' ', '+', '/', '—'), minLength: 1 }),
  size: fc.maxSafeNat(),
  root: fc.uint8Array({ minLength: 32, maxLength: 32 }),
})

describe('the text of a checkpoint', () => {
  test('the example of c2sp.org/tlog-checkpoint', () => {
    const text = `example.com/behind-the-sofa\n20852163\n${ROOT}\n`
    const checkpoint = parseCheckpoint(text)
    expect(checkpoint).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 })
    expect(formatCheckpoint(checkpoint!)).toBe(text)
  })

  test('comes back', () => {
    fc.assert(
      fc.property(anyCheckpoint, (checkpoint) => {
        const root = new Uint8Array(checkpoint.root)
        expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual({ ...checkpoint, root })
      }),
    )
  })

  test('of noise comes one that is written the same way, or none', () => {
    const piece = fc.constantFrom('a', '\n', '0', '1', '9007199254740992', ROOT, 'A', '=', '\t', ' ')
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((list) => list.join('')),
        ),
        (text) => {
          const checkpoint = parseCheckpoint(text)
          if (checkpoint !== null) expect(formatCheckpoint(checkpoint)).toBe(text)
        },
      ),
      { numRuns: 3000 },
    )
  })

  test('with one other byte is another or none', () => {
    fc.assert(
      fc.property(anyCheckpoint, fc.nat(), fc.nat(7), (checkpoint, at, bit) => {
        const bytes = utf8(formatCheckpoint(checkpoint))
        bytes[at % bytes.length]! ^= 1 << bit
        const root = new Uint8Array(checkpoint.root)
        expect(parseCheckpoint(new TextDecoder().decode(bytes))).not.toEqual({ ...checkpoint, root })
      }),
      { numRuns: 1000 },
    )
  })

  test.each([
    ['nothing', ''],
    ['no origin', `\n1\n${ROOT}\n`],
    ['no newline at the end', `a\n1\n${ROOT}`],
    ['a line more', `${TEXT}extension\n`],
    ['an empty line more', `${TEXT}\n`],
    ['a line less', 'a\n1\n'],
    ['no size', `a\n\n${ROOT}\n`],
    ['a leading zero', `a\n01\n${ROOT}\n`],
    ['a size below zero', `a\n-1\n${ROOT}\n`],
    ['a size with a sign', `a\n+1\n${ROOT}\n`],
    ['a size of 2^53', `a\n9007199254740992\n${ROOT}\n`],
    ['a size of 2^64', `a\n18446744073709551616\n${ROOT}\n`],
    ['a root too short', `a\n1\n${ROOT.slice(4)}\n`],
    ['a root in hex', `a\n1\n${'0'.repeat(64)}\n`],
    ['a root with spare bits', `a\n1\n${ROOT.replace('I=', 'J=')}\n`],
    ['a carriage return', TEXT.replaceAll('\n', '\r\n')],
    ['a tab in the origin', `a\tb\n1\n${ROOT}\n`],
  ])('malformed: %s', (_, text) => {
    expect(parseCheckpoint(text)).toBeNull()
  })

  test.each([
    ['an origin of two lines', { origin: 'a\nb', size: 1, root: EMPTY_ROOT }],
    ['no origin', { origin: '', size: 1, root: EMPTY_ROOT }],
    ['a size below zero', { origin: 'a', size: -1, root: EMPTY_ROOT }],
    ['a size beyond 2^53', { origin: 'a', size: 2 ** 53, root: EMPTY_ROOT }],
    ['a size so large that it is written otherwise', { origin: 'a', size: 1e21, root: EMPTY_ROOT }],
    ['a root of 31 bytes', { origin: 'a', size: 1, root: new Uint8Array(31) }],
  ])('not written: %s', (_, checkpoint) => {
    expect(() => formatCheckpoint(checkpoint)).toThrow(TypeError)
  })
})

describe('a signed checkpoint', () => {
  test('opens', async () => {
    const note = signNote(TEXT, LOG)
    const opened = await openCheckpoint(note, LOG.key)
    expect(opened).toMatchObject({ origin: 'log.example/one', size: 20_852_163, text: note })
    expect(opened?.note.text).toBe(TEXT)
  })

  test.each([
    ['by another key of that name', signNote(TEXT, signer('log.example/one', 2))],
    ['of another origin', signNote(TEXT.replace('one', 'two'), LOG)],
    ['with extension lines', signNote(`${TEXT}more\n`, LOG)],
    ['of no checkpoint', signNote('log.example/one\n', LOG)],
    [
      'of which another text was signed',
      formatNote(TEXT, [signatureLine(LOG.key, LOG.sign(TEXT.replace('2', '3')))]),
    ],
    ['unsigned', TEXT],
  ])('does not open: %s', async (_, note) => {
    expect(await openCheckpoint(note, LOG.key)).toBeNull()
  })
})
