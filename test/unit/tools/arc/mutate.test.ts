import { describe, expect, test } from 'vitest'
import { MUTATIONS } from '../../../../tools/arc/mutate.ts'
import { readSamples, type Sample } from '../../../../tools/arc/samples.ts'

const sample: Sample = {
  slug: 'a',
  file: 'b.ts',
  language: 'typescript',
  code: "const client = await pool.connect();\nawait client.query('select', 7);\nf({ timeout: 1 }, Math.max(x));\n",
}
const mutate = (name: string, of = sample) => MUTATIONS[name]!(of)

describe('mutations of samples', () => {
  test.each<[string, string | null]>([
    [
      'other names',
      "const name0 = await name1.connect();\nawait name0.query('select', 7);\nname2({ timeout: 1 }, Math.max(name3));\n",
    ],
    [
      'other numbers and strings',
      "const client = await pool.connect();\nawait client.query('selectx', 4711);\nf({ timeout: 4711 }, Math.max(x));\n",
    ],
    [
      'other declarations',
      "let client = await pool.connect();\nawait client.query('select', 7);\nf({ timeout: 1 }, Math.max(x));\n",
    ],
  ])('%s', (name, expected) => {
    expect(mutate(name)).toBe(expected)
  })

  test.each(Object.keys(MUTATIONS))('%s: the same each time, and most samples are altered by it', (name) => {
    const samples = readSamples().filter(({ language }) => language === 'typescript')
    const altered = samples.filter((each) => {
      const once = mutate(name, each)
      expect(mutate(name, each)).toBe(once)
      return once !== null && once !== each.code
    })
    expect(altered.length).toBeGreaterThan(samples.length / 3)
  })

  test('statements are put between those of the sample', () => {
    const lines = mutate('a statement after 50 % of the lines')!.split('\n')
    expect(sample.code.split('\n').every((line) => lines.includes(line))).toBe(true)
  })

  test('without types there are none', () => {
    expect(mutate('without types', { ...sample, code: 'const a: number = 1' })).toBe('const a         = 1')
    expect(mutate('without types', { ...sample, language: 'go', code: 'a' })).toBeNull()
  })
})
