import { beforeAll, describe, expect, it } from 'vitest'
import { checkLog, type LogToCheck } from '../../../../cli/log/check-log.ts'
import { ReadFailure } from '../../../../cli/log/objects.ts'
import type { FaultCode, LogReport } from '../../../../cli/log/report.ts'
import {
  encodeEntries,
  formatNote,
  hashLeaf,
  openCheckpoint,
  parsePolicy,
  signatureLine,
  toHex,
  utf8,
} from '../../../../core/verify/index.ts'
import {
  type BuiltLog,
  buildLog,
  generateLogKey,
  generateWitness,
  type LogKey,
  type Objects,
  replace,
  sampleEntries,
  sampleEntry,
  signCheckpoint,
  tamper,
} from './log-support.ts'

let key: LogKey
/** Of 513 entries: two full tiles, a partial one at level 0 and at level 1. */
let small: BuiltLog
/** Of 65,536 + 257: a full tile at level 1, and partial ones at levels 0, 1 and 2. */
let large: BuiltLog

beforeAll(async () => {
  key = await generateLogKey()
  small = await buildLog(sampleEntries(513), key)
  large = await buildLog(sampleEntries(65_536 + 257), key)
})

const readFrom =
  (objects: Objects): LogToCheck['read'] =>
  async (path) =>
    objects.get(path) ?? null

function check(objects: Objects, more: Partial<LogToCheck> = {}): Promise<LogReport> {
  return checkLog({ read: readFrom(objects), verifierKey: key.verifier, ...more })
}

/** Code and place of each fault. */
function faultsOf(report: LogReport): string[] {
  expect(report.fault_count).toBe(report.faults.length)
  expect(report.ok).toBe(report.fault_count === 0)
  return report.faults.map(({ code, where }) => `${code} ${where}`)
}

describe('a log with nothing wrong', () => {
  it.each([0, 1, 2, 255, 256, 257, 511, 512, 513])('of %i entries', async (size) => {
    const log = await buildLog(sampleEntries(size), key)
    const seen: string[] = []
    const report = await check(log.objects, { onEntry: ({ leafHash }) => seen.push(toHex(leafHash)) })
    expect(report).toMatchObject({
      ok: true,
      origin: key.verifier.name,
      size,
      root_hash: toHex(log.root),
      read: { entries: size, objects: log.objects.size },
      entry_types: size === 0 ? {} : { 'certificate.issued': size },
      faults: [],
      notes: [],
      interrupted: null,
    })
    expect(seen).toEqual(sampleEntries(size).map((entry) => toHex(hashLeaf(entry))))
  })

  it('of three levels is read once, each object of it', async () => {
    const asked: string[] = []
    const read: LogToCheck['read'] = async (path) => {
      asked.push(path)
      return large.objects.get(path) ?? null
    }
    expect(await check(large.objects, { read })).toMatchObject({ ok: true, size: 65_793 })
    expect(asked.toSorted()).toEqual([...large.objects.keys()].toSorted())
  })

  it('reads no more at a time than it is told', async () => {
    let [atOnce, most] = [0, 0]
    const read: LogToCheck['read'] = async (path) => {
      most = Math.max(most, ++atOnce)
      await new Promise((resolve) => setTimeout(resolve, 1))
      atOnce--
      return small.objects.get(path) ?? null
    }
    await check(small.objects, { read, concurrency: 3 })
    expect(most).toBe(3)
  })

  it('may have its partial objects replaced by the full ones', async () => {
    const grown = await buildLog(sampleEntries(1024), key)
    const objects: Objects = new Map(grown.objects)
    objects.set('checkpoint', small.objects.get('checkpoint')!)
    // What is above has only grown to another width: level 1 must be there as the small tree has it.
    objects.set('tile/1/000.p/2', small.objects.get('tile/1/000.p/2')!)
    expect(await check(objects)).toMatchObject({ ok: true, size: 513, read: { entries: 513 } })
  })
})

describe('one object that is wrong is one fault', () => {
  it.each<[string, number, FaultCode]>([
    ['tile/0/000', 513, 'tile_mismatch'],
    ['tile/0/001', 513, 'tile_mismatch'],
    ['tile/0/002.p/1', 513, 'tile_mismatch'],
    ['tile/1/000.p/2', 513, 'tile_mismatch'],
    ['tile/entries/000', 513, 'entry_mismatch'],
    ['tile/entries/002.p/1', 513, 'entry_mismatch'],
    ['tile/0/255', 65_793, 'tile_mismatch'],
    ['tile/0/257.p/1', 65_793, 'tile_mismatch'],
    ['tile/1/000', 65_793, 'tile_mismatch'],
    ['tile/1/001.p/1', 65_793, 'tile_mismatch'],
    ['tile/2/000.p/1', 65_793, 'tile_mismatch'],
    ['tile/entries/255', 65_793, 'entry_mismatch'],
  ])('%s of a log of %i, with a byte changed', async (path, size, code) => {
    const log = size === small.size ? small : large
    // In the subject of the first entry, so that it stays an entry; in the first hash of a tile.
    const at = code === 'entry_mismatch' ? 120 : 31
    const report = await check(tamper(log.objects, path, at))
    expect(faultsOf(report)).toEqual([`${code} ${path}`])
    const [fault] = report.faults
    expect(fault!.expected).toMatch(/^[0-9a-f]{64}$/)
    expect(fault!.got).toMatch(/^[0-9a-f]{64}$/)
    expect(fault!.expected).not.toBe(fault!.got)
  })

  it.each(['tile/0/000', 'tile/0/002.p/1', 'tile/1/000.p/2', 'tile/entries/001', 'tile/entries/002.p/1'])(
    '%s that is not there',
    async (path) => {
      expect(faultsOf(await check(replace(small.objects, path, null)))).toEqual([`object_missing ${path}`])
    },
  )

  it.each([
    ['tile/0/000', 8191],
    ['tile/0/001', 8193],
    ['tile/1/000.p/2', 32],
    ['tile/0/002.p/1', 0],
  ])('%s of %i bytes', async (path, length) => {
    expect(faultsOf(await check(replace(small.objects, path, new Uint8Array(length))))).toEqual([
      `object_length ${path}`,
    ])
  })

  it.each<[string, FaultCode, Uint8Array<ArrayBuffer>]>([
    ['no bundle', 'bundle_malformed', new Uint8Array([0, 9, 1])],
    ['an empty one', 'bundle_malformed', new Uint8Array()],
    ['one with fewer entries', 'object_length', encodeEntries(sampleEntries(255))],
  ])('a bundle that is %s', async (_name, code, bytes) => {
    expect(faultsOf(await check(replace(small.objects, 'tile/entries/000', bytes)))).toEqual([
      `${code} tile/entries/000`,
    ])
  })

  it('a bundle and its tile, which fit each other but not the log', async () => {
    const other = await buildLog(sampleEntries(257).with(3, sampleEntry(3, { digest: 'e'.repeat(64) })), key)
    let objects = replace(small.objects, 'tile/0/000', other.objects.get('tile/0/000')!)
    objects = replace(objects, 'tile/entries/000', other.objects.get('tile/entries/000')!)
    expect(faultsOf(await check(objects))).toEqual(['subtree_mismatch tile/0/000'])
  })

  it('a signed root that is not the one of the entries', async () => {
    const checkpoint = utf8(await signCheckpoint(key, { size: 513, root: hashLeaf(utf8('another')) }))
    expect(faultsOf(await check(replace(small.objects, 'checkpoint', checkpoint)))).toEqual([
      'root_mismatch checkpoint',
    ])
  })

  it('several faults are all found', async () => {
    const paths = ['tile/0/000', 'tile/1/000.p/2', 'tile/0/002.p/1']
    const objects = paths.reduce((changed, path) => tamper(changed, path, 5), small.objects)
    const found = faultsOf(await check(objects))
    expect(found.toSorted()).toEqual(paths.map((path) => `tile_mismatch ${path}`).toSorted())
  })
})

describe('the checkpoint', () => {
  it('that is not there', async () => {
    const report = await check(replace(small.objects, 'checkpoint', null))
    expect(faultsOf(report)).toEqual(['checkpoint_missing checkpoint'])
    expect(report.size).toBeNull()
  })

  it.each<[string, () => Promise<Uint8Array<ArrayBuffer>>]>([
    [
      'by another key',
      async () => (await buildLog(sampleEntries(513), await generateLogKey())).objects.get('checkpoint')!,
    ],
    ['with a byte changed', async () => tamper(small.objects, 'checkpoint', 20).get('checkpoint')!],
    ['that is not UTF-8', async () => new Uint8Array([0xff, 0xfe])],
    ['that is HTML', async () => utf8('<html></html>')],
    [
      'with another origin under the same key',
      async () => {
        const text = `other.example/log\n513\n${Buffer.from(small.root).toString('base64')}\n`
        return utf8(formatNote(text, [signatureLine(key.verifier, await key.sign(utf8(text)))]))
      },
    ],
  ])('%s', async (_name, checkpoint) => {
    const report = await check(replace(small.objects, 'checkpoint', await checkpoint()))
    expect(faultsOf(report)).toEqual(['checkpoint_invalid checkpoint'])
    expect(report).toMatchObject({ size: null, read: { entries: 0 } })
  })
})

describe('entries', () => {
  const text = (entry: string) => utf8(entry)
  const members = `"subject":"${'0'.repeat(64)}","time":"2026-11-21T00:00:00.000Z","type":"certificate.issued"`

  it.each<[string, Uint8Array<ArrayBuffer>]>([
    ['no JSON', text('hello')],
    ['not UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
    ['nothing', new Uint8Array()],
    ['a list', text('[]')],
    ['not canonical: white space', text(`{ "digest":"${'d'.repeat(64)}",${members}}`)],
    ['not canonical: the order', text(`{${members},"digest":"${'d'.repeat(64)}"}`)],
    ['a member twice', text(`{"digest":"x","digest":"${'d'.repeat(64)}",${members}}`)],
    ['without a digest', text(`{${members}}`)],
    ['a digest in capitals', sampleEntry(1, { digest: 'D'.repeat(64) })],
    ['a subject that is an id', sampleEntry(1, { subject: 'CERT-2026-7k3m9q2x4w8t1v6z' })],
    ['a time of another zone', sampleEntry(1, { time: '2026-11-21T00:00:00.000+01:00' })],
    ['a time that is none', sampleEntry(1, { time: '2026-13-41T00:00:00.000Z' })],
    ['a type that is a number', sampleEntry(1, { type: 1 })],
    ['a revocation without a reason', sampleEntry(1, { type: 'certificate.revoked' })],
    ['a revocation for a made-up reason', sampleEntry(1, { type: 'certificate.revoked', reason: 'x' })],
    ['deeply nested', text('['.repeat(30_000))],
  ])('%s is a fault', async (_name, entry) => {
    const log = await buildLog([sampleEntry(0), entry], key)
    expect(faultsOf(await check(log.objects))).toEqual(['entry_malformed entry 1'])
  })

  it('of the largest size are read', async () => {
    const entry = sampleEntry(1, { more: 'x'.repeat(65_535 - sampleEntry(1, { more: '' }).length) })
    expect(entry.length).toBe(65_535)
    expect(await check((await buildLog([entry], key)).objects)).toMatchObject({ ok: true })
  })

  it('of an unknown type are a note', async () => {
    const entries = [sampleEntry(0), ...[1, 2, 3].map((i) => sampleEntry(i, { type: 'weather.changed' }))]
    const report = await check((await buildLog(entries, key)).objects)
    expect(faultsOf(report)).toEqual([])
    expect(report.notes).toMatchObject([{ code: 'entry_type_unknown', count: 3, first: 'entry 1' }])
    expect(report.entry_types).toEqual({ 'certificate.issued': 1, 'weather.changed': 3 })
  })

  it.each([
    ['9 minutes', 9, 0],
    ['11 minutes', 11, 1],
  ])('%s older than one before', async (_name, minutes, notes) => {
    const time = new Date(Date.UTC(2026, 10, 21) - minutes * 60_000).toISOString()
    const report = await check((await buildLog([sampleEntry(0), sampleEntry(1, { time })], key)).objects)
    expect(report.ok).toBe(true)
    expect(report.notes.map(({ code }) => code)).toEqual(Array(notes).fill('time_goes_back'))
  })

  it('that are in it twice are a fault, across bundles too', async () => {
    const entries = [...sampleEntries(300), sampleEntry(7), sampleEntry(299)]
    const report = await check((await buildLog(entries, key)).objects)
    expect(faultsOf(report)).toEqual(['entry_duplicate entry 300', 'entry_duplicate entry 301'])
    expect(report.faults[0]!.what).toContain('entry 7')
  })
})

describe('a checkpoint of before', () => {
  const opened = async (note: string) => (await openCheckpoint(note, key.verifier))!
  const noteOf = ({ objects }: BuiltLog) => new TextDecoder().decode(objects.get('checkpoint'))

  it.each([0, 1, 255, 256, 257, 511, 512, 513])('of %i entries that this one continues', async (size) => {
    const earlier = await buildLog(sampleEntries(size), key)
    const report = await check(small.objects, { earlier: await opened(noteOf(earlier)) })
    expect(faultsOf(report)).toEqual([])
    expect(report.earlier).toEqual({ size, root_hash: toHex(earlier.root), consistent: true })
  })

  it.each([1, 255, 256, 257, 512, 513])('of %i entries that began otherwise is a fork', async (size) => {
    const entries = sampleEntries(size).with(0, sampleEntry(999))
    const earlier = await buildLog(entries, key)
    const report = await check(small.objects, { earlier: await opened(noteOf(earlier)) })
    expect(faultsOf(report)).toEqual(['log_forked checkpoint'])
    expect(report.earlier?.consistent).toBe(false)
  })

  it('of three levels, of a size with a part of each', async () => {
    const earlier = await buildLog(sampleEntries(65_536 + 3), key)
    expect(faultsOf(await check(large.objects, { earlier: await opened(noteOf(earlier)) }))).toEqual([])
    const forked = await buildLog(sampleEntries(65_536 + 3).with(65_536, sampleEntry(70_000)), key)
    expect(faultsOf(await check(large.objects, { earlier: await opened(noteOf(forked)) }))).toEqual([
      'log_forked checkpoint',
    ])
  })

  it('of a larger log is a rollback', async () => {
    const earlier = await buildLog(sampleEntries(514), key)
    const report = await check(small.objects, { earlier: await opened(noteOf(earlier)) })
    expect(faultsOf(report)).toEqual(['log_rolled_back checkpoint'])
  })
})

describe('witnesses', () => {
  it.each([
    ['enough of them', ['one', 'two'], true, true],
    ['too few, where they are asked for', ['one'], true, false],
    ['too few, where they are not', ['one'], false, true],
  ])('%s', async (_name, cosigning, required, ok) => {
    const witnesses = new Map<string, LogKey>()
    for (const name of ['one', 'two', 'three']) witnesses.set(name, await generateWitness(`${name}.example`))
    const policyText = [...witnesses]
      .map(([name, { verifier }]) => `witness ${name} ${verifier.text}\n`)
      .join('')
    const parsed = parsePolicy(`${policyText}group quorum-of 2 one two three\nquorum quorum-of\n`)
    if (!parsed.ok) throw new Error(parsed.fault)
    const checkpoint = await signCheckpoint(
      key,
      { size: 513, root: small.root },
      cosigning.map((name) => ({ key: witnesses.get(name)!, time: 1_795_219_200 })),
    )
    const report = await check(replace(small.objects, 'checkpoint', utf8(checkpoint)), {
      witnesses: { policy: parsed.policy, required },
    })
    expect(report.ok).toBe(ok)
    expect(report.witnesses).toEqual({
      quorum: 'quorum-of',
      quorum_reached: cosigning.length > 1,
      cosigned: cosigning.map((name) => ({ name, cosigned_at: '2026-11-21T00:00:00.000Z' })),
    })
    const found = [...report.faults, ...report.notes].map(({ code }) => code)
    expect(found).toEqual(cosigning.length > 1 ? [] : ['quorum_missing'])
  })
})

it('that cannot be read to its end says so, with what was found until then', async () => {
  const objects = tamper(small.objects, 'tile/entries/000', 120)
  const read: LogToCheck['read'] = async (path) => {
    if (path === 'tile/0/001') throw new ReadFailure('away')
    return objects.get(path) ?? null
  }
  const report = await check(objects, { read })
  expect(report).toMatchObject({ ok: false, interrupted: 'away', fault_count: 1 })
})

it('keeps the first faults and counts all', async () => {
  const log = await buildLog(
    sampleEntries(513).map((_, i) => utf8(`entry ${i}`)),
    key,
  )
  const report = await check(log.objects)
  expect(report.fault_count).toBe(513)
  expect(report.faults).toHaveLength(100)
})
