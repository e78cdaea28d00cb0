import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toBase64, toHex, utf8 } from '../../../../../core/verify/encoding.ts'
import {
  formatNote,
  formatVerifierKey,
  MAX_NOTE_LENGTH,
  MAX_NOTE_SIGNATURES,
  parseNote,
  parseVerifierKey,
  type SignedNote,
  signatureLine,
  verifyNote,
} from '../../../../../core/verify/log/note.ts'
import { cosign, signer, signNote } from './signing.ts'

/** Published with Go's package golang.org/x/mod/sumdb/note. */
const EXAMPLE = {
  vkey: 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
  text: 'This is an example message.\n',
  line: '— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n',
}
const LOG = signer('log.example/one', 1)
const OTHER = signer('log.example/two', 2)
const TEXT = 'log.example/one\n5\nfirst and only\n'

const open = (note: string): SignedNote => {
  const parsed = parseNote(note)
  if (parsed === null) throw new Error('malformed')
  return parsed
}
const anyName = fc.string({
  unit: fc.constantFrom('a', 'Z', '0', '.', '/', '-', 'ö', '—', '\u{1f333}'),
  minLength: 1,
  maxLength: 20,
})
const anyKey = fc.uint8Array({ minLength: 32, maxLength: 32 })
const anyType = fc.constantFrom(0x01 as const, 0x04 as const)

describe('verifier keys', () => {
  test("Go's example", () => {
    const key = parseVerifierKey(EXAMPLE.vkey)
    expect(key).toMatchObject({ name: 'example.com/foo', type: 1, text: EXAMPLE.vkey })
    expect(toHex(key!.id)).toBe('530d903a')
    expect(formatVerifierKey(key!.name, key!.publicKey)).toBe(EXAMPLE.vkey)
  })

  test('come back', () => {
    fc.assert(
      fc.property(anyName, anyKey, anyType, (name, publicKey, type) => {
        const text = formatVerifierKey(name, publicKey, type)
        expect(parseVerifierKey(text)).toEqual({
          name,
          type,
          text,
          publicKey: new Uint8Array(publicKey),
          id: expect.any(Uint8Array),
        })
      }),
    )
  })

  test('one other character is none: the id covers all of it', () => {
    const others = fc.constantFrom('a', 'A', '0', '+', '/', '=', ' ', 'f', '')
    fc.assert(
      fc.property(anyName, anyKey, fc.nat(), others, (name, publicKey, at, other) => {
        const text = formatVerifierKey(name, publicKey)
        const mutated = text.slice(0, at % text.length) + other + text.slice((at % text.length) + 1)
        if (mutated !== text) expect(parseVerifierKey(mutated)).toBeNull()
      }),
      { numRuns: 1000 },
    )
  })

  const [name, id, key] = ['example.com/foo', '530d903a', 'AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k']
  test.each([
    ['empty', ''],
    ['a name alone', name],
    ['without a key', `${name}+${id}`],
    ['with an empty key', `${name}+${id}+`],
    ['without a name', `+${id}+${key}`],
    ['an id in upper case', `${name}+${id.toUpperCase()}+${key}`],
    ['another id', `${name}+530d903b+${key}`],
    ['an id too long', `${name}+0${id}+${key}`],
    ['padding too much', `${name}+${id}+${key}=`],
    ['a newline at the end', `${name}+${id}+${key}\n`],
    ['a space in the name', `${name} +${id}+${key}`],
    ['a key too short', `${name}+${id}+${key.slice(0, -4)}`],
    [
      'another type, with the id of the first',
      formatVerifierKey('a', new Uint8Array(32)).replace('+A', '+B'),
    ],
    ['far too long', `${name}+${id}+${'A'.repeat(40_000_000)}`],
  ])('refused: %s', (_, text) => {
    expect(parseVerifierKey(text)).toBeNull()
  })

  test('another type of key is not known here, be its id right or not', async () => {
    const material = new Uint8Array([0x02, ...new Uint8Array(32)])
    const digest = await crypto.subtle.digest('SHA-256', new Uint8Array([...utf8('a\n'), ...material]))
    const own = toHex(new Uint8Array(digest).slice(0, 4))
    expect(parseVerifierKey(`a+${own}+${toBase64(material)}`)).toBeNull()
  })

  test.each([
    ['a b', 32],
    ['', 32],
    ['a+b', 32],
    ['a', 31],
    ['a', 33],
  ])('not written: the name %j with a key of %i bytes', (text, length) => {
    expect(() => formatVerifierKey(text, new Uint8Array(length))).toThrow(TypeError)
  })
})

describe('notes', () => {
  test("Go's example is read and holds", async () => {
    const note = open(formatNote(EXAMPLE.text, [EXAMPLE.line]))
    const key = parseVerifierKey(EXAMPLE.vkey)!
    expect(note.text).toBe(EXAMPLE.text)
    expect(note.signatures).toHaveLength(1)
    expect(signatureLine(key, note.signatures[0]!.signature)).toBe(EXAMPLE.line)
    expect(await verifyNote(note, key)).toBe(true)
    expect(await verifyNote({ ...note, text: 'This is an example message!\n' }, key)).toBe(false)
  })

  test('what is read is written the same way', () => {
    const line = fc
      .tuple(anyName, fc.uint8Array({ minLength: 5, maxLength: 90 }))
      .map(([name, bytes]) => `— ${name} ${toBase64(bytes)}\n`)
    const text = fc
      .array(fc.constantFrom('a', '— a AAAAAAA=', '\n', '\n\n', 'ö', ' '))
      .map((list) => `${list.join('')}\n`)
    fc.assert(
      fc.property(text, fc.array(line, { minLength: 1, maxLength: 5 }), (body, lines) => {
        const note = formatNote(body, lines)
        const parsed = open(note)
        expect(parsed.text).toBe(body)
        expect(parsed.signatures.map((signature) => signature.line)).toEqual(lines)
        for (const { name, id, signature, line } of parsed.signatures) {
          expect(`— ${name} ${toBase64(new Uint8Array([...id, ...signature]))}\n`).toBe(line)
        }
      }),
    )
  })

  test('of noise comes a note that is written the same way, or none', () => {
    const piece = fc.constantFrom(
      '\n',
      '\n\n',
      '— ',
      'a',
      ' ',
      'AAAAAAA=',
      '+',
      '- ',
      '\t',
      '\ud800',
      EXAMPLE.line,
    )
    const noise = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 12 }).map((list) => list.join('')),
    )
    fc.assert(
      fc.property(noise, (note) => {
        const parsed = parseNote(note)
        if (parsed !== null)
          expect(
            formatNote(
              parsed.text,
              parsed.signatures.map(({ line }) => line),
            ),
          ).toBe(note)
      }),
      { numRuns: 3000 },
    )
  })

  test('with one other byte anywhere it does not hold', async () => {
    const note = signNote(TEXT, LOG)
    const bytes = utf8(note)
    for (let at = 0; at < bytes.length; at++) {
      const mutated = bytes.slice()
      mutated[at]! ^= 1 << (at % 8)
      const parsed = parseNote(new TextDecoder().decode(mutated))
      expect(parsed !== null && (await verifyNote(parsed, LOG.key)), `byte ${at}`).toBe(false)
    }
  })

  const good = signatureLine(LOG.key, LOG.sign(TEXT))
  test.each([
    ['nothing', ''],
    ['text alone', TEXT],
    ['text without its blank line', TEXT + good],
    ['no signature', `${TEXT}\n`],
    ['no text', `\n${good}`],
    ['no newline at the end', formatNote(TEXT, [good]).slice(0, -1)],
    ['a blank line at the end', formatNote(TEXT, [good, '\n'])],
    ['a hyphen', formatNote(TEXT, [good.replace('—', '-')])],
    ['an en dash', formatNote(TEXT, [good.replace('—', '–')])],
    ['a no-break space after the dash', formatNote(TEXT, [good.replace('— ', '—\u00a0')])],
    ['two spaces', formatNote(TEXT, [good.replace('— ', '—  ')])],
    ['two spaces before the signature', formatNote(TEXT, [good.replace('/one ', '/one  ')])],
    ['a space at the end', formatNote(TEXT, [good.replace('\n', ' \n')])],
    ['a carriage return', formatNote(TEXT, [good.replace('\n', '\r\n')])],
    ['a tab in the text', formatNote(`\t${TEXT}`, [good])],
    ['a zero in the text', formatNote(`\0${TEXT}`, [good])],
    ['a lone surrogate in the text', formatNote(`\ud800${TEXT}`, [good])],
    ['a plus in the name', formatNote(TEXT, [good.replace('log.example', 'log+example')])],
    ['a space in the name', formatNote(TEXT, [good.replace('log.example', 'log\u2003example')])],
    ['no name', formatNote(TEXT, ['—  AAAAAAA=\n'])],
    ['no signature behind the name', formatNote(TEXT, ['— a\n'])],
    ['an id alone', formatNote(TEXT, ['— a AAAAAA==\n'])],
    ['base64 without padding', formatNote(TEXT, [good.replace('=', '')])],
    ['base64url', formatNote(TEXT, ['— a __-_AAAA\n'])],
    ['base64 with spare bits', formatNote(TEXT, ['— a AAAAAAB=\n'])],
    ['a line of another kind among them', formatNote(TEXT, [good, 'more\n'])],
  ])('malformed: %s', (_, note) => {
    expect(parseNote(note)).toBeNull()
  })

  test('has 100 signatures at most', () => {
    expect(parseNote(formatNote(TEXT, new Array(MAX_NOTE_SIGNATURES).fill(good)))).not.toBeNull()
    expect(parseNote(formatNote(TEXT, new Array(MAX_NOTE_SIGNATURES + 1).fill(good)))).toBeNull()
  })

  test('has a length', () => {
    const room = MAX_NOTE_LENGTH - formatNote(TEXT, [good]).length
    expect(parseNote(formatNote('a'.repeat(room) + TEXT, [good]))).not.toBeNull()
    expect(parseNote(formatNote(`a${'a'.repeat(room)}${TEXT}`, [good]))).toBeNull()
    expect(parseNote(formatNote(TEXT, [`— a ${'A'.repeat(1_000_000)}\n`]))).not.toBeNull()
  })

  test('a text that does not end in a newline is not written', () => {
    expect(() => formatNote('a', [good])).toThrow(TypeError)
  })
})

describe('verifying', () => {
  test('others may have signed too', async () => {
    const note = open(signNote(TEXT, OTHER, LOG))
    expect(await verifyNote(note, LOG.key)).toBe(true)
    expect(await verifyNote(note, OTHER.key)).toBe(true)
    expect(await verifyNote(note, signer('log.example/one', 3).key)).toBe(false)
  })

  test('as in Go, the first signature of a key counts', async () => {
    const right = signatureLine(LOG.key, LOG.sign(TEXT))
    const wrong = signatureLine(LOG.key, LOG.sign(`${TEXT} `))
    expect(await verifyNote(open(formatNote(TEXT, [right, wrong])), LOG.key)).toBe(true)
    expect(await verifyNote(open(formatNote(TEXT, [wrong, right])), LOG.key)).toBe(false)
    expect(await verifyNote(open(formatNote(TEXT, [right, right])), LOG.key)).toBe(true)
  })

  test('a signature of the same name with another id, or of the same id with another name, is ignored', async () => {
    const wrong = LOG.sign('something else')
    const right = signatureLine(LOG.key, LOG.sign(TEXT))
    const sameName = signatureLine({ ...LOG.key, id: new Uint8Array(4) }, wrong)
    const sameId = signatureLine({ ...LOG.key, name: 'log.example/three' }, wrong)
    expect(await verifyNote(open(formatNote(TEXT, [sameName, sameId, right])), LOG.key)).toBe(true)
    expect(await verifyNote(open(formatNote(TEXT, [sameName, sameId])), LOG.key)).toBe(false)
  })

  test('another key under the same name and id does not verify', async () => {
    const forged = signatureLine(LOG.key, OTHER.sign(TEXT))
    expect(await verifyNote(open(formatNote(TEXT, [forged])), LOG.key)).toBe(false)
  })

  test.each([1, 63, 65, 128])('a signature of %i bytes is none', async (length) => {
    const note = open(formatNote(TEXT, [signatureLine(LOG.key, new Uint8Array(length))]))
    expect(await verifyNote(note, LOG.key)).toBe(false)
  })

  test('a cosignature is not a signature of the log, by whatever key', async () => {
    const witness = signer('witness.example', 4, 0x04)
    const note = open(
      formatNote(TEXT, [cosign(TEXT, 1, witness), signatureLine(witness.key, witness.sign(TEXT))]),
    )
    expect(await verifyNote(note, witness.key)).toBe(false)
    expect(await verifyNote(open(signNote(TEXT, witness)), witness.key)).toBe(false)
  })

  test('more keys than are kept', async () => {
    for (let seed = 0; seed < 150; seed++) {
      const own = signer('log.example/many', seed % 75)
      expect(await verifyNote(open(signNote(TEXT, own)), own.key)).toBe(true)
    }
  })
})
