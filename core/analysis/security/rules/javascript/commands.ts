import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { isGuarded } from './guards.ts'
import { traceRequest } from './input.ts'
import { argumentOf, argumentsOf, memberOf, moduleOf, stringOf } from './nodes.ts'
import { calls, functions, methods, rule } from './rule.ts'
import { isFixed, isNeutralised, textBuiltBy } from './text.ts'

const SPAWNS = ['spawn', 'spawnSync', 'execFile', 'execFileSync', 'fork']
const SHELLS = /^(?:\/(?:usr\/)?bin\/)?(?:ba|da|z|k)?sh$|^cmd(?:\.exe)?$|^powershell(?:\.exe)?$|^pwsh$/i
const QUOTING = /quote|escape/i

/** Running programs (CWE-78). */
export const COMMAND_RULES: readonly Rule[] = [
  rule({
    id: 'js-child-process-exec',
    title:
      'A shell command is put together from values: quote nothing, use execFile with a list of arguments',
    cwe: ['CWE-78'],
    severity: 'high',
    needs: [['child_process', 'shelljs', 'execa'], 'exec'],
    on: [
      functions(/^(?:exec|run|sh|shell|command|cmd|pexec)/),
      methods(['exec', 'execSync', 'execaCommand', 'execaCommandSync']),
    ],
    accept: ({ source, finding }) => {
      const command = argumentOf(source, finding, 0)
      const module = moduleOf(source, finding) ?? ''
      return (
        command !== null && /^(?:child_process|shelljs|execa)$/.test(module) && isUnknown(source, command)
      )
    },
  }),
  rule({
    id: 'js-shell-arguments',
    title:
      'A shell is started with a text that is put together from values: start the program without a shell',
    cwe: ['CWE-78'],
    severity: 'high',
    needs: [
      ['child_process', 'execa', 'cross-spawn'],
      ['shell', "sh'", 'sh"', 'cmd', 'powershell', 'pwsh'],
    ],
    on: [calls(SPAWNS)],
    accept: ({ source, finding }) => {
      const [program, list, options] = argumentsOf(source, finding)
      const settings = options ?? list ?? null
      if (program === undefined || moduleOf(source, finding) === null) return false
      const shell = memberOf(source, settings, 'shell')
      const isShell = SHELLS.test(stringOf(program) ?? '')
      if (!isShell && (shell === null || shell.type === 'false')) return false
      const parts = list?.type === 'array' ? [program, ...list.namedChildren] : [program]
      return parts.some((part) => isUnknown(source, part))
    },
  }),
  rule({
    id: 'js-program-from-input',
    title: 'Whoever sends the request chooses the program that is run: take it from a fixed list',
    cwe: ['CWE-78', 'CWE-77'],
    severity: 'critical',
    needs: ['child_process', [...SPAWNS]],
    on: [calls(SPAWNS)],
    accept: ({ source, finding }) => {
      const program = argumentOf(source, finding, 0)
      const traced = program && traceRequest(source, program)
      return traced !== null && !isGuarded(source, traced, finding)
    },
  }),
]

/** Whether a command has something in it that is neither fixed nor quoted. A bare name alone says nothing. */
function isUnknown(source: SourceView, command: Node): boolean {
  const built = textBuiltBy(source, command)
  const isBuilt = built.text.length > built.holes.length
  return built.holes.some(({ value }) => {
    if (isNeutralised(source, value, QUOTING)) return false
    return traceRequest(source, value) !== null || (isBuilt && !isFixed(source, value))
  })
}
