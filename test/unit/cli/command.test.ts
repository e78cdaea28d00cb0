import { describe, expect, it } from 'vitest'
import { parseOptions } from '../../../cli/command.ts'
import { CommandFailure } from '../../../cli/failure.ts'

const OPTIONS = { pin: { type: 'string' }, out: { type: 'string' }, json: { type: 'boolean' } } as const
const parse = (...args: string[]) => {
  const { values, positionals } = parseOptions(args, OPTIONS)
  return { ...values, positionals }
}

describe('the options of a command', () => {
  it.each([
    [['--pin', '-abc'], { pin: '-abc', positionals: [] }],
    [['--pin', '--abc', '--json'], { pin: '--abc', json: true, positionals: [] }],
    [['--pin=-abc', 'x'], { pin: '-abc', positionals: ['x'] }],
    [['--pin', '-'], { pin: '-', positionals: [] }],
    [['--json', 'x', '--out', 'y'], { json: true, out: 'y', positionals: ['x'] }],
    [['--', '--pin', '-abc'], { positionals: ['--pin', '-abc'] }],
  ])('%j', (args, expected) => expect(parse(...args)).toEqual(expected))

  it.each([
    [['--pin']],
    [['--pin', '--out', 'x']],
    [['--pin', '--out=x']],
    [['--pin', '--']],
    [['--unknown', 'x']],
    [['-x']],
    [['--json=yes']],
  ])('%j is refused', (args) => expect(() => parse(...args)).toThrow(CommandFailure))
})
