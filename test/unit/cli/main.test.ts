import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../../cli/commands/index.ts'
import { isolatedEnv, runCli } from './support.ts'

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))
const run = (...args: string[]) => runCli(args, { cwd: '/', env: isolatedEnv('/nonexistent') })

describe('coderisk', () => {
  it.each([[[]], [['--help']], [['-h']], [['help']]])('%j lists the commands', async (args) => {
    const { code, stdout, stderr } = await run(...args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const name of Object.keys(COMMANDS)) expect(stdout).toContain(`\n  ${name} `)
  })

  it.each(Object.keys(COMMANDS))('help %s and %s --help say the same', async (name) => {
    const [help, option] = await Promise.all([run('help', name), run(name, '--help')])
    expect(help.code).toBe(0)
    expect(help.stdout).toContain(`Usage: coderisk ${name}`)
    expect(option.stdout).toBe(help.stdout)
  })

  it('--version prints the version of the package', async () => {
    expect(await run('--version')).toEqual({ code: 0, stdout: `coderisk ${version}\n`, stderr: '' })
  })

  it.each([['bogus'], ['constructor'], ['__proto__'], ['--bogus']])('%s is exit code 2', async (name) => {
    const { code, stdout, stderr } = await run(name)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('Usage: coderisk')
  })

  it.each([
    [['help', 'bogus']],
    [['version', '--bogus']],
    [['trust']],
    [['trust', 'bogus']],
    [['verify']],
    [['verify', '--bogus', 'x']],
  ])('%j is exit code 2 with a usage line', async (args) => {
    const { code, stdout, stderr } = await run(...args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(`Usage: coderisk ${args[0]}`)
  })
})
