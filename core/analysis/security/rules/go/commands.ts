import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { FIXED, INPUT } from '../go-java/flow.ts'
import { argumentAt, argumentsOf, calledName, receiverText, stringOf } from '../go-java/nodes.ts'
import { rule } from '../go-java/rule.ts'
import { isDynamic, isInput, judge } from './flow.ts'
import { calledPackage, callsNamed, importsPackage, isCallOf } from './nodes.ts'

const SHELL = /^(?:.*[\\/])?(?:sh|bash|zsh|dash|ksh|fish|cmd|powershell|pwsh)(?:\.exe)?$/i
const SHELL_FLAG = /(?:^|\s)(?:-\w*c|\/c|-Command|-EncodedCommand)(?:\s|$)/i

const TRUSTING = { areCallsTrusted: true }

/** Running programs and code (CWE-78, CWE-94). */
export const COMMAND_RULES: readonly Rule[] = [
  rule({
    id: 'go-shell-command-from-values',
    title:
      'A shell runs a command that is put together from values: run the program itself, with a list of arguments',
    cwe: ['CWE-78'],
    severity: 'high',
    needs: [
      ['exec.Command', 'Command(', 'CommandContext(', 'crypto/ssh'],
      ['sh"', 'cmd', 'powershell', 'pwsh', 'crypto/ssh'],
    ],
    on: [callsNamed('Command', 'CommandContext', 'Run', 'Output', 'CombinedOutput', 'Start')],
    accept: ({ finding: call, source }) => {
      return /^Command/.test(calledName(call))
        ? isShellWithValues(call, source)
        : isRemoteWithValues(call, source)
    },
  }),
  rule({
    id: 'go-program-from-input',
    title: 'Which program runs is chosen by the request: choose it from a list of your own',
    cwe: ['CWE-78'],
    severity: 'critical',
    needs: [['exec.Command', 'Command(', 'CommandContext(', 'StartProcess(', 'syscall.Exec']],
    on: [callsNamed('Command', 'CommandContext', 'StartProcess', 'Exec', 'ForkExec')],
    accept: ({ finding: call, source }) => {
      if (!isCallOf(call, source, 'os/exec', 'os', 'syscall')) return false
      return isInput(argumentAt(call, calledName(call) === 'CommandContext' ? 1 : 0), source)
    },
  }),
  rule({
    id: 'go-code-from-input',
    title:
      'Code that comes with the request is run: evaluate only expressions of your own, with the input as data',
    cwe: ['CWE-94'],
    severity: 'critical',
    needs: [
      [
        'goja',
        'otto',
        'yaegi',
        'gopher-lua',
        'antonmedv/expr',
        'expr-lang',
        'govaluate',
        '"plugin"',
        'v8go',
        'starlark',
        'tengo',
      ],
    ],
    on: [
      callsNamed(
        ...[
          'RunString',
          'RunScript',
          'Run',
          'Eval',
          'EvalWithContext',
          'DoString',
          'Compile',
          'NewEvaluableExpression',
        ],
        ...['Open', 'ExecFile', 'NewScript', 'MustCompile'],
      ),
    ],
    accept: ({ finding: call, source }) => {
      if (
        !importsPackage(
          source,
          /goja|otto|yaegi|gopher-lua|\bexpr\b|expr-lang|govaluate|^plugin$|v8go|starlark|tengo/,
        )
      )
        return false
      const path = calledPackage(call, source)
      if (path !== null && /^(?:os|regexp|sql|database\/sql|zip|archive\/zip)$/.test(path)) return false
      return argumentsOf(call).some((code) => isCodeFromValues(code, source))
    },
  }),
]

function isShellWithValues(call: Node, source: SourceView): boolean {
  if (!isCallOf(call, source, 'os/exec')) return false
  const given = argumentsOf(call).slice(calledName(call) === 'CommandContext' ? 1 : 0)
  const [program, ...rest] = given
  if (program === undefined || !SHELL.test(judge(program, source).text.trim())) return false
  let hasFlag = false
  for (const part of rest) {
    const { origin, text } = judge(part, source)
    if (SHELL_FLAG.test(text)) hasFlag = true
    if (hasFlag && origin !== FIXED) return true
  }
  return false
}

/** `session.Run("ls " + folder)` of an SSH session: the other side's shell reads it. */
function isRemoteWithValues(call: Node, source: SourceView): boolean {
  const command = argumentAt(call, 0)
  if (command === null || !/ses|ssh|client/i.test(receiverText(call))) return false
  if (!importsPackage(source, /crypto\/ssh$/) || stringOf(command) !== null) return false
  const { origin, text } = judge(command, source)
  return origin === INPUT || (origin !== FIXED && text !== '')
}

function isCodeFromValues(code: Node, source: SourceView): boolean {
  const { origin, text } = judge(code, source)
  return origin === INPUT || (origin !== FIXED && /[(=;]/.test(text) && isDynamic(code, source, TRUSTING))
}
