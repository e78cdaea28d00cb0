import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  entriesPath,
  newBundles,
  newTiles,
  type ObjectId,
  parseObjectPath,
  type TileId,
  tilePath,
  treeTiles,
} from '../../../../../core/verify/log/tiles.ts'

const MAX = Number.MAX_SAFE_INTEGER
const anyTile = fc.record({
  level: fc.nat(63),
  index: fc.oneof(fc.nat(2000), fc.maxSafeNat()),
  width: fc.integer({ min: 1, max: 256 }),
})

const pathOf = (id: ObjectId) => (id.kind === 'tile' ? tilePath(id) : entriesPath(id.index, id.width))

describe('paths', () => {
  test.each([
    [0, 0, 256, 'tile/0/000'],
    [0, 1, 1, 'tile/0/001.p/1'],
    [1, 999, 255, 'tile/1/999.p/255'],
    [0, 1000, 256, 'tile/0/x001/000'],
    [0, 999_999, 256, 'tile/0/x999/999'],
    [0, 1_000_000, 256, 'tile/0/x001/x000/000'],
    [0, 1_234_067, 256, 'tile/0/x001/x234/067'],
    [0, 1_234_067, 112, 'tile/0/x001/x234/067.p/112'],
    [63, MAX, 256, 'tile/63/x009/x007/x199/x254/x740/991'],
  ])('level %i, index %i, width %i', (level, index, width, expected) => {
    expect(tilePath({ level, index, width })).toBe(expected)
    expect(parseObjectPath(expected)).toEqual({ kind: 'tile', level, index, width })
    const entries = expected.replace(/^tile\/\d+/, 'tile/entries')
    expect(entriesPath(index, width)).toBe(entries)
    expect(parseObjectPath(entries)).toEqual({ kind: 'entries', index, width })
  })

  test('come back', () => {
    fc.assert(
      fc.property(anyTile, (tile) => {
        expect(parseObjectPath(tilePath(tile))).toEqual({ kind: 'tile', ...tile })
        const { index, width } = tile
        expect(parseObjectPath(entriesPath(index, width))).toEqual({ kind: 'entries', index, width })
      }),
    )
  })

  test.each([
    '',
    'tile',
    'tile/',
    'tile/0',
    'tile/0/',
    'tile/0/0',
    'tile/0/00',
    'tile/0/0000',
    'tile/0/x000/000',
    'tile/0/x000/001',
    'tile/0/x000/x001/000',
    'tile/0/001/000',
    'tile/0/x001',
    'tile/0/x001/x000',
    'tile/0/x01/000',
    'tile/0/X001/000',
    'tile/00/000',
    'tile/01/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/+1/000',
    'tile/0/-01',
    'tile/0/000.p',
    'tile/0/000.p/',
    'tile/0/000.p/0',
    'tile/0/000.p/01',
    'tile/0/000.p/256',
    'tile/0/000.p/999',
    'tile/0/000.p/1000',
    'tile/0/000.p/1/',
    'tile/0/000.P/1',
    'tile/0/000\n',
    'tile/0/000 ',
    ' tile/0/000',
    '/tile/0/000',
    'log/tile/0/000',
    'tile/0/../000',
    'tile/0/%30%30%30',
    'tile/0/٠٠٠',
    'tile/entries',
    'tile/entries/0',
    'tile/Entries/000',
    'tile/data/000',
    'tile/0/entries/000',
    'tile/entries/x000/000',
    'tile/0/x009/x007/x199/x254/x740/992',
    'tile/0/x999/x999/x999/x999/x999/999',
    'tile/0/x001/x000/x000/x000/x000/x000/000',
    `tile/0/${'x001/'.repeat(10_000)}000`,
  ])('%j is none', (path) => {
    expect(parseObjectPath(path)).toBeNull()
  })

  test('whatever is read is written the same way', () => {
    const pieces = fc.constantFrom(
      'tile',
      'entries',
      '/',
      '.p/',
      'x',
      '000',
      '001',
      '255',
      '256',
      '0',
      '1',
      '63',
      '64',
    )
    const noise = fc.oneof(
      fc.array(pieces, { maxLength: 10 }).map((list) => list.join('')),
      fc.string(),
    )
    fc.assert(
      fc.property(noise, (path) => {
        const id = parseObjectPath(path)
        if (id !== null) expect(pathOf(id)).toBe(path)
      }),
      { numRuns: 2000 },
    )
  })

  test('one other character is another path, or none', () => {
    const other = fc.constantFrom('0', '1', '9', 'x', '/', '.', 'p', 'e', '\n', '')
    fc.assert(
      fc.property(anyTile, fc.nat(60), other, (tile, at, character) => {
        const path = tilePath(tile)
        const mutated = path.slice(0, at) + character + path.slice(at + 1)
        const id = parseObjectPath(mutated)
        if (id !== null) expect(pathOf(id)).toBe(mutated)
        if (mutated !== path) expect(id).not.toEqual({ kind: 'tile', ...tile })
      }),
      { numRuns: 1000 },
    )
  })

  test.each([
    { level: -1, index: 0, width: 1 },
    { level: 64, index: 0, width: 1 },
    { level: 0.5, index: 0, width: 1 },
    { level: 0, index: -1, width: 1 },
    { level: 0, index: 0.5, width: 1 },
    { level: 0, index: MAX + 1, width: 1 },
    { level: 0, index: 0, width: 0 },
    { level: 0, index: 0, width: 257 },
    { level: 0, index: 0, width: Number.NaN },
  ])('$level, $index, $width has no path', (tile) => {
    expect(() => tilePath(tile)).toThrow(RangeError)
  })
})

describe('the tiles of a tree', () => {
  const inBrief = (tiles: readonly TileId[]) =>
    tiles.map(({ level, index, width }) => `${level}/${index}${width === 256 ? '' : `.p/${width}`}`)

  test.each([
    [0, []],
    [1, ['0/0.p/1']],
    [255, ['0/0.p/255']],
    [256, ['0/0', '1/0.p/1']],
    [257, ['0/0', '0/1.p/1', '1/0.p/1']],
    [512, ['0/0', '0/1', '1/0.p/2']],
  ])('of %i leaves', (size, expected) => {
    expect(inBrief(treeTiles(size))).toEqual(expected)
  })

  test('of 70,000 leaves: the example of c2sp.org/tlog-tiles', () => {
    const tiles = treeTiles(70_000)
    const at = (level: number) => inBrief(tiles.filter((tile) => tile.level === level))
    expect(at(0)).toHaveLength(274)
    expect(at(0).slice(0, 273)).toEqual(Array.from({ length: 273 }, (_, i) => `0/${i}`))
    expect(at(0).at(-1)).toBe('0/273.p/112')
    expect(at(1)).toEqual(['1/0', '1/1.p/17'])
    expect(at(2)).toEqual(['2/0.p/1'])
    expect(tiles).toHaveLength(277)
  })

  test.each([
    [254, 257, ['0/0', '0/1.p/1', '1/0.p/1']],
    [255, 256, ['0/0', '1/0.p/1']],
    [256, 257, ['0/1.p/1']],
    [511, 512, ['0/1', '1/0.p/2']],
    [512, 513, ['0/2.p/1']],
    [65_535, 65_536, ['0/255', '1/0', '2/0.p/1']],
    [65_536, 65_537, ['0/256.p/1']],
    [65_535, 65_537, ['0/255', '0/256.p/1', '1/0', '2/0.p/1']],
    [700, 700, []],
  ])('new from %i to %i', (from, to, expected) => {
    expect(inBrief(newTiles(from, to))).toEqual(expected)
  })

  test('new tiles are the ones that the smaller tree does not have at that width', () => {
    fc.assert(
      fc.property(fc.nat(140_000), fc.nat(70_000), (from, more) => {
        const before = new Set(inBrief(treeTiles(from)))
        const wanted = inBrief(treeTiles(from + more)).filter((tile) => !before.has(tile))
        expect(inBrief(newTiles(from, from + more))).toEqual(wanted)
        const bundles = newTiles(from, from + more).filter(({ level }) => level === 0)
        expect(newBundles(from, from + more)).toEqual(bundles.map(({ index, width }) => ({ index, width })))
      }),
      { numRuns: 30 },
    )
  })

  test('no tile is empty, and widths are floor(size / 256^level) mod 256', () => {
    fc.assert(
      fc.property(fc.nat(200_000), (size) => {
        for (const { level, index, width } of treeTiles(size)) {
          const row = Math.floor(size / 256 ** level)
          expect(width).toBe(index < Math.floor(row / 256) ? 256 : row % 256)
          expect(width).toBeGreaterThan(0)
        }
      }),
      { numRuns: 20 },
    )
  })

  test('of a very large tree that grows by one', () => {
    expect(inBrief(newTiles(2 ** 48 - 1, 2 ** 48))).toEqual([
      `0/${2 ** 40 - 1}`,
      `1/${2 ** 32 - 1}`,
      `2/${2 ** 24 - 1}`,
      `3/${2 ** 16 - 1}`,
      '4/255',
      '5/0',
      '6/0.p/1',
    ])
  })

  test.each([
    [2, 1],
    [-1, 1],
    [0, 0.5],
    [0, MAX + 1],
  ])('refused: from %d to %d', (from, to) => {
    expect(() => newTiles(from, to)).toThrow(RangeError)
    expect(() => newBundles(from, to)).toThrow(RangeError)
  })
})
