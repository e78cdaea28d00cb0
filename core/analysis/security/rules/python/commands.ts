import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { argument, type Call, callRule } from './call.ts'
import { isDynamic, isInput } from './flow.ts'
import { literalText } from './names.ts'
import { beginningOf, resolve } from './values.ts'

const SHELL_SAFE = { safe: new Set(['quote', 'list2cmdline']) }
const SHELL_CALL =
  /^(?:os\.(?:system|popen)|subprocess\.get(?:status)?output|commands\.get(?:status)?output|popen2\.popen\d|asyncio\.(?:subprocess\.)?create_subprocess_shell|pexpect\.runu?|.*\.subprocess_shell)$/
const SUBPROCESS = /^(?:subprocess|subprocess32|sp)\.(?:run|call|Popen|check_call|check_output)$/
const EXECUTION = /^(?:os\.(?:exec[lv]p?e?|spawn[lv]p?e?|posix_spawnp?|startfile)|pty\.spawn)$/
const SHELL = /(?:^|\/)(?:sh|bash|zsh|dash|ksh|ash|cmd|cmd\.exe|powershell|pwsh)$/
const SHELL_OPTION = /^(?:-[a-z]*c|\/c|-Command)$/i

/** Running programs and code (CWE-78, CWE-94, CWE-95, CWE-470). */
export const COMMAND_RULES: readonly Rule[] = [
  callRule({
    id: 'py-shell-command',
    title:
      'A shell command is put together from values: use subprocess.run with a list of arguments and no shell',
    cwe: ['CWE-78'],
    severity: 'critical',
    names:
      'system popen popen2 popen3 popen4 getoutput getstatusoutput create_subprocess_shell subprocess_shell runu',
    needs: [['os', 'subprocess', 'commands', 'popen2', 'asyncio', 'pexpect']],
    accept: (call) => {
      const index = call.method === 'subprocess_shell' ? 1 : 0
      const command = argument(call, index, 'cmd') ?? call.keywords.get('command') ?? null
      return command !== null && SHELL_CALL.test(call.name) && isDynamic(command, call.source, SHELL_SAFE)
    },
  }),
  callRule({
    id: 'py-subprocess-shell',
    title:
      'A program is started through a shell with values in its command line: pass a list and leave out shell=True',
    cwe: ['CWE-78'],
    severity: 'critical',
    names: 'run call Popen check_call check_output',
    needs: ['subprocess', ['shell', 'sh', 'cmd']],
    accept: (call) => {
      const command = argument(call, 0, 'args')
      if (command === null || !SUBPROCESS.test(call.name)) return false
      if (call.keywords.get('shell')?.type === 'true') return isDynamic(command, call.source, SHELL_SAFE)
      return isShellScript(resolve(command, call.source), call.source)
    },
  }),
  callRule({
    id: 'py-remote-command',
    title: 'A command for another machine is put together from values: quote each of them with shlex.quote',
    cwe: ['CWE-78'],
    severity: 'high',
    names: 'exec_command',
    needs: [],
    accept: ({ positional: [command], source }) =>
      command !== undefined && isDynamic(command, source, SHELL_SAFE),
  }),
  callRule({
    id: 'py-program-from-request',
    title: 'A request chooses which program is started: choose it from a fixed list',
    cwe: ['CWE-78', 'CWE-88'],
    severity: 'high',
    names:
      'run call Popen check_call check_output execl execle execlp execv execve execvp execvpe spawnl spawnlp spawnv spawnvp ' +
      'posix_spawn posix_spawnp startfile spawn create_subprocess_exec',
    needs: [['subprocess', 'os', 'pty']],
    accept: choosesProgram,
  }),
  callRule({
    id: 'py-eval',
    title:
      'Text that is not fixed is run as Python: parse it with ast.literal_eval or json, or choose from known functions',
    cwe: ['CWE-95', 'CWE-94'],
    severity: 'critical',
    names: 'eval exec compile execfile',
    needs: [],
    accept: ({ name, method, positional: [code], source }) => {
      if (
        code === undefined ||
        !/^(?:builtins\.)?(?:eval|exec|compile|execfile)$|^pandas\.eval$/.test(name)
      ) {
        return false
      }
      const isCode = method === 'eval' || method === 'exec'
      return name !== 'pandas.eval' && isCode ? isDynamic(code, source) : isInput(code, source)
    },
  }),
  callRule({
    id: 'py-name-from-request',
    title:
      'A request names the module or the attribute that is used: look it up in a table of what is allowed',
    cwe: ['CWE-470'],
    severity: 'high',
    names: 'import_module __import__ getattr',
    needs: [],
    accept: ({ method, positional, source }) => {
      const name = positional[method === 'getattr' ? 1 : 0]
      if (name === undefined || !isInput(name, source)) return false
      // A prefix of one's own leaves what was meant to be called.
      return method !== 'getattr' || beginningOf(name, source) === ''
    },
  }),
]

/** `['sh', '-c', script]`: the script alone is read by the shell, what follows it are its arguments. */
function isShellScript(command: Node, source: SourceView): boolean {
  if (command.type !== 'list' && command.type !== 'tuple') return false
  const parts = command.namedChildren.slice(0, 8)
  if (!SHELL.test(literalText(parts[0] ?? null) ?? '')) return false
  const option = parts.findIndex((part) => SHELL_OPTION.test(literalText(part) ?? ''))
  const script = option === -1 ? undefined : parts[option + 1]
  return script !== undefined && isDynamic(script, source, SHELL_SAFE)
}

function choosesProgram({ name, method, positional, keywords, source }: Call): boolean {
  const isSubprocess = SUBPROCESS.test(name)
  if (!isSubprocess && !EXECUTION.test(name) && method !== 'create_subprocess_exec') return false
  const given = keywords.get('args') ?? positional[method.startsWith('spawn') && name !== 'pty.spawn' ? 1 : 0]
  if (given === undefined || keywords.get('shell')?.type === 'true') return false
  const command = resolve(given, source)
  if (command.type !== 'list' && command.type !== 'tuple') {
    const isBuilt = command.type === 'binary_operator' || command.type === 'string'
    return !isBuilt && isInput(command, source)
  }
  const program = command.namedChildren[0]
  return program !== undefined && isInput(program, source)
}
