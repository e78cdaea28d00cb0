import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cyclesThrough } from '../../../../../core/analysis/coupling/cycles.ts'
import { dependenciesOf, ImportGraph } from '../../../../../core/analysis/coupling/graph.ts'
import { cyclePart, fanPart, graphCoupling } from '../../../../../core/analysis/coupling/graph-score.ts'

type Edge = readonly [from: number, to: number]

const SIZE = 8

function graphOf(edges: readonly Edge[], size = SIZE, extension = 'ts'): ImportGraph {
  const graph = new ImportGraph()
  for (let node = 0; node < size; node++) graph.node(`${node}.${extension}`)
  for (const [from, to] of edges) graph.addEdge(from, to)
  return graph
}

const ring = (size: number): Edge[] => Array.from({ length: size }, (_, node) => [node, (node + 1) % size])

const node = fc.integer({ min: 0, max: SIZE - 1 })
const edges = fc.array(fc.tuple(node, node), { maxLength: 20 })
const nodes = fc.uniqueArray(node, { minLength: 1, maxLength: SIZE })

describe('dependencies', () => {
  test.each([
    ['nothing', [], { fanIn: 0, fanOut: 0, instability: 0 }],
    [
      'imports two',
      [
        [0, 1],
        [0, 2],
      ],
      { fanIn: 0, fanOut: 2, instability: 1 },
    ],
    [
      'is imported',
      [
        [1, 0],
        [2, 0],
        [3, 0],
      ],
      { fanIn: 3, fanOut: 0, instability: 0 },
    ],
    [
      'both',
      [
        [1, 0],
        [2, 0],
        [3, 0],
        [0, 4],
      ],
      { fanIn: 3, fanOut: 1, instability: 0.25 },
    ],
    [
      'the same twice, and itself',
      [
        [0, 1],
        [0, 1],
        [0, 0],
      ],
      { fanIn: 0, fanOut: 1, instability: 1 },
    ],
  ] as [string, Edge[], object][])('%s', (_, given, expected) => {
    expect(dependenciesOf(graphOf(given), [0])).toEqual([{ node: 0, ...expected }])
  })

  test('modules count as imports', () => {
    const graph = graphOf([[0, 1]])
    graph.setModules(0, new Set(['react', 'zod']))
    expect(dependenciesOf(graph, [0])).toMatchObject([{ fanOut: 3 }])
  })

  test('what is imported for its types counts, each file once', () => {
    const graph = graphOf([[0, 1]])
    for (const [from, to] of [
      [0, 1],
      [0, 2],
      [3, 0],
      [0, 0],
    ] as Edge[])
      graph.addTypeEdge(from, to)
    expect(dependenciesOf(graph, [0])).toMatchObject([{ fanIn: 1, fanOut: 2 }])
  })

  test('the files of a package of Go count as one', () => {
    const graph = new ImportGraph()
    const [main, other] = [graph.node('main.go'), graph.node('cmd/b.go')]
    for (const name of ['db/a.go', 'db/b.go', 'db/c.go']) {
      graph.addEdge(main, graph.node(name))
      graph.addEdge(graph.node(name), other)
    }
    expect(dependenciesOf(graph, [main, other])).toMatchObject([{ fanOut: 1 }, { fanIn: 1 }])
  })
})

describe('cycles', () => {
  test.each<[string, Edge[], number[], number[][]]>([
    [
      'none',
      [
        [0, 1],
        [1, 2],
      ],
      [0],
      [],
    ],
    [
      'two files',
      [
        [0, 1],
        [1, 0],
      ],
      [0],
      [[0, 1]],
    ],
    ['itself is none', [[0, 0]], [0], []],
    [
      'of others, which it leads to',
      [
        [0, 1],
        [1, 2],
        [2, 1],
      ],
      [0],
      [],
    ],
    ['seen from each of its files', ring(3), [2], [[0, 1, 2]]],
    [
      'the largest first',
      [
        [0, 1],
        [1, 0],
        [2, 3],
        [3, 4],
        [4, 2],
      ],
      [0, 2],
      [
        [2, 3, 4],
        [0, 1],
      ],
    ],
    [
      'two that share a file are one',
      [
        [0, 1],
        [1, 0],
        [1, 2],
        [2, 1],
      ],
      [0],
      [[0, 1, 2]],
    ],
  ])('%s', (_, given, asked, expected) => {
    const found = cyclesThrough(graphOf(given), asked).map(({ nodes: members }) => [...members].sort())
    expect(found).toEqual(expected)
  })

  test('types close none', () => {
    const graph = graphOf([[0, 1]])
    graph.addTypeEdge(1, 0)
    expect(cyclesThrough(graph, [0, 1])).toEqual([])
  })

  test('the shortest way goes from a file of the change back to it', () => {
    const [cycle] = cyclesThrough(graphOf([...ring(6), [2, 0]]), [1])
    expect(cycle?.nodes.size).toBe(6)
    expect(cycle?.shortest).toEqual([1, 2, 0])
  })

  test('a cycle of 50,000 files does not exhaust the stack', () => {
    const [cycle] = cyclesThrough(graphOf(ring(50_000), 50_000), [7])
    expect([cycle?.nodes.size, cycle?.shortest.length]).toEqual([50_000, 50_000])
  })

  /** Two nodes are in one cycle if each can be reached from the other. */
  function reference(given: readonly Edge[], asked: readonly number[]): string[] {
    const reaches = Array.from({ length: SIZE }, (_, from) => {
      const seen = new Set([from])
      for (const at of seen) for (const [start, end] of given) if (start === at) seen.add(end)
      return seen
    })
    const groups = asked.map((one) =>
      Array.from({ length: SIZE }, (_, other) => other).filter(
        (other) => reaches[one]!.has(other) && reaches[other]!.has(one),
      ),
    )
    return [...new Set(groups.filter((group) => group.length > 1).map((group) => group.join()))].sort()
  }

  test('are those of a plain search of what reaches what', () => {
    fc.assert(
      fc.property(edges, nodes, (given, asked) => {
        const found = cyclesThrough(graphOf(given), asked)
        expect(found.map(({ nodes: members }) => [...members].sort().join()).sort()).toEqual(
          reference(given, asked),
        )
        for (const { nodes: members, shortest } of found) {
          expect(asked).toContain(shortest[0])
          expect(new Set(shortest).size).toBe(shortest.length)
          shortest.forEach((from, index) => {
            const to = shortest[(index + 1) % shortest.length]
            expect(members).toContain(from)
            expect(given).toContainEqual([from, to])
          })
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('score', () => {
  const fan = 1 - 0.5 / 21
  test.each([
    ['nothing', [], 0],
    ['one import', [[0, 1]], 10 * (1 - fan)],
    ['two that import each other', ring(2), 10 * (1 - (1 - 0.7 / 3) * fan ** 2)],
    ['five in a ring', ring(5), 10 * (1 - (1 - 2.8 / 6) * fan ** 2)],
  ] as [string, Edge[], number][])('%s', (_, given, expected) => {
    expect(graphCoupling(graphOf(given), [0]).score).toBeCloseTo(expected, 10)
  })

  test.each([
    ['any number of importers and imports', [], 7.5],
    ['a cycle of 5,000', ring(5000), 7.2],
  ] as [string, Edge[], number][])('does not reach 8 by itself: %s', (_, given, most) => {
    const graph = graphOf(given, 5001)
    if (given.length === 0) {
      for (let from = 1; from <= 5000; from++) graph.addEdge(from, 0)
      graph.setModules(0, new Set(Array.from({ length: 5000 }, (_unused, index) => `${index}`)))
    }
    const { score } = graphCoupling(graph, [0])
    expect(score).toBeGreaterThan(most - 0.1)
    expect(score).toBeLessThan(most)
  })

  test('is above 8 for a hub within a large cycle', () => {
    const hub = Array.from({ length: 39 }, (_, index): Edge[] => [
      [0, index + 1],
      [index + 1, 0],
    ])
    expect(graphCoupling(graphOf(hub.flat(), 40), [0]).score).toBeGreaterThan(8)
  })

  test('is that of the worst of the files', () => {
    const graph = graphOf([
      [1, 0],
      [2, 0],
      [3, 4],
      [3, 5],
      [3, 6],
    ])
    expect(graphCoupling(graph, [0, 3, 7]).score).toBeCloseTo(
      10 * (1 - (1 - fanPart(2)) * (1 - fanPart(3))),
      10,
    )
    expect(graphCoupling(graph, [7, 3, 0]).score).toBe(graphCoupling(graph, [0, 3, 7]).score)
  })

  test('a cycle weighs more than as many importers', () => {
    for (let size = 2; size < 100; size++) expect(cyclePart(size)).toBeGreaterThan(fanPart(size))
  })

  test('an edge or a module more never lowers it, nor does one more file that is asked for', () => {
    fc.assert(
      fc.property(edges, fc.tuple(node, node), nodes, node, (given, edge, asked, further) => {
        const before = graphCoupling(graphOf(given), asked).score
        expect(before).toBeGreaterThanOrEqual(0)
        const graph = graphOf([...given, edge])
        const after = graphCoupling(graph, asked).score
        expect(after).toBeGreaterThanOrEqual(before)
        expect(graphCoupling(graph, [...new Set([...asked, further])]).score).toBeGreaterThanOrEqual(after)
        graph.setModules(asked[0]!, new Set(['zod']))
        expect(graphCoupling(graph, asked).score).toBeGreaterThanOrEqual(after)
        expect(after).toBeLessThanOrEqual(10)
      }),
      { numRuns: 300 },
    )
  })
})
