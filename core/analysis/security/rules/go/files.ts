import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { FIXED } from '../go-java/flow.ts'
import { argumentAt, argumentsOf, calledName, calledOn, integerOf } from '../go-java/nodes.ts'
import { rule } from '../go-java/rule.ts'
import { declarationAround, involves, textOf, visibleValues } from '../go-java/scope.ts'
import { isInput, judge } from './flow.ts'
import { isContext } from './input.ts'
import { callsNamed, importsPackage, isCallOf, typeOf } from './nodes.ts'

const OPENING = ['Open', 'OpenFile', 'Create', 'ReadFile', 'WriteFile', 'ReadDir', 'Mkdir', 'MkdirAll']
const CHANGING = ['Remove', 'RemoveAll', 'Rename', 'Chmod', 'Truncate', 'Symlink', 'Link', 'Lstat']
const SERVING = [
  'ServeFile',
  'File',
  'FileAttachment',
  'SendFile',
  'Attachment',
  'Inline',
  'Download',
  'SaveUploadedFile',
  'SaveFile',
]
const PATH = {
  safe: /^(?:Base|IsLocal|SecureJoin|Localize|Sum256|EncodeToString)$/,
  unchecked: /^(?:HasSuffix|Ext|Exists?)$/i,
}

/** What a path is checked by somewhere in a function that unpacks archives. */
const CONFINING =
  /HasPrefix\(|IsLocal\(|"\.\.|filepath\.Rel\(|SecureJoin|filepath\.Base\(|path\.Base\(|sanit|OpenRoot|OpenInRoot|[vV]alid|[sS]afe/

const DELICATE = /key|secret|passw|credential|token|\.pem|\.env\b|private/i

/** Files and their paths (CWE-22, CWE-377, CWE-732). */
export const FILE_RULES: readonly Rule[] = [
  rule({
    id: 'go-path-from-input',
    title:
      'A path is taken from the request: use its last part only (filepath.Base), os.Root, or check filepath.IsLocal',
    cwe: ['CWE-22'],
    severity: 'high',
    needs: [
      ['os.', 'ioutil.', 'ServeFile(', 'File(', 'Attachment(', 'Inline(', 'Download(', 'UploadedFile('],
      ['net/http', 'gin', 'echo', 'fiber', 'chi', 'mux', 'Request', 'Context', 'Ctx'],
    ],
    on: [callsNamed(...OPENING, ...CHANGING, ...SERVING)],
    accept: ({ finding, source }) => pathsOf(finding, source).some((path) => isInput(path, source, PATH)),
  }),
  rule({
    id: 'go-zip-slip',
    title: "An archive's entry decides where it is written: check that filepath.IsLocal holds of its name",
    cwe: ['CWE-22', 'CWE-23'],
    severity: 'high',
    needs: [
      ['archive/zip', 'archive/tar', 'zip.', 'tar.'],
      ['Create(', 'OpenFile(', 'WriteFile(', 'MkdirAll('],
      '.Name',
    ],
    on: [callsNamed('Create', 'OpenFile', 'WriteFile', 'MkdirAll')],
    accept: ({ finding: call, source }) => {
      if (!isCallOf(call, source, 'os', 'io/ioutil')) return false
      const path = argumentAt(call, 0)
      if (path === null || !involves(path, source, (part) => isEntryName(part, source))) return false
      return !CONFINING.test(textOf(declarationAround(call, source), source))
    },
  }),
  rule({
    id: 'go-predictable-temporary-file',
    title: 'A file of a name known in advance is written where everybody may write: use os.CreateTemp',
    cwe: ['CWE-377'],
    severity: 'medium',
    needs: [
      ['/tmp/', 'TempDir()'],
      ['Create(', 'WriteFile(', 'OpenFile('],
    ],
    on: [callsNamed('Create', 'WriteFile', 'OpenFile')],
    accept: ({ finding: call, source }) => {
      const path = argumentAt(call, 0)
      if (path === null || !isCallOf(call, source, 'os', 'io/ioutil')) return false
      if (calledName(call) === 'OpenFile' && !/O_CREATE(?![\s\S]*O_EXCL)/.test(withoutExclusive(call)))
        return false
      const { origin, text } = judge(path, source)
      return origin === FIXED && isTemporary(path, text, source)
    },
  }),
  rule({
    id: 'go-permissive-file-mode',
    title: 'Everybody on the machine may write a file or directory: use 0600 or 0750',
    cwe: ['CWE-732'],
    severity: 'medium',
    needs: [['Chmod(', 'WriteFile(', 'OpenFile(', 'Mkdir(', 'MkdirAll(', 'Umask(']],
    on: [callsNamed('Chmod', 'WriteFile', 'OpenFile', 'Mkdir', 'MkdirAll', 'Umask')],
    accept: ({ finding: call, source }) => {
      if (calledName(call) === 'Umask')
        return isCallOf(call, source, 'syscall') && integerOf(argumentAt(call, 0)) === 0
      if (!isCallOf(call, source, 'os', 'io/ioutil') && calledName(call) !== 'Chmod') return false
      const mode = argumentsOf(call).at(-1)
      if (mode === undefined) return false
      const value = mode.text === 'os.ModePerm' ? 0o777 : modeOf(mode, source)
      if (value === null || value > 0o7777 || (value & 0o002) === 0) return false
      // What is created with 0666 is read by all, but not written: the process's umask, 022 nearly everywhere, sees to it.
      return value !== 0o666 || calledName(call) === 'Chmod' || DELICATE.test(call.text.slice(0, 400))
    },
  }),
]

function pathsOf(call: Node, source: SourceView): Node[] {
  const name = calledName(call)
  const given = argumentsOf(call)
  if (isCallOf(call, source, 'os', 'io/ioutil')) {
    return given.slice(0, /^(?:Rename|Symlink|Link)$/.test(name) ? 2 : 1)
  }
  if (name === 'ServeFile') return isCallOf(call, source, 'net/http') ? given.slice(2) : []
  if (!isContext(calledOn(call), source)) return []
  return /^Save/.test(name) ? given.slice(1, 2) : given.slice(0, 1)
}

/** `file.Name` of a zip archive's files, `header.Name` of a tar archive's next. */
function isEntryName(part: Node, source: SourceView): boolean {
  if (part.type !== 'selector_expression' || part.childForFieldName('field')?.text !== 'Name') return false
  const entry = part.childForFieldName('operand')!
  if (entry.type !== 'identifier') return false
  if (/^(?:zip\.File|tar\.Header|zip\.FileHeader)$/.test(typeOf(entry, source))) return true
  return visibleValues(entry, source).some((value) => {
    const text = value.text.slice(-40)
    return (
      (text.endsWith('.File') && importsPackage(source, /zip$/)) ||
      (text.endsWith('.Next()') && importsPackage(source, /tar$/))
    )
  })
}

function withoutExclusive(call: Node): string {
  return argumentAt(call, 1)?.text ?? ''
}

function isTemporary(path: Node, text: string, source: SourceView): boolean {
  const words = text.trim()
  if (/^(?:\/var)?\/tmp(?:\/|\s)/.test(words) && /\/tmp\/?\s*[^\s/]/.test(words))
    return !isRandom(path, source)
  return /^(?:\w+\.)?Join\(os\.TempDir\(\), *"[^"]+"\)$|^os\.TempDir\(\) *\+ *"[^"]+"$/.test(
    textBehind(path, source),
  )
}

function textBehind(path: Node, source: SourceView): string {
  const values = path.type === 'identifier' ? visibleValues(path, source) : []
  return (values[0] ?? path).text.slice(0, 200)
}

/** Whether the name has a part that others cannot know: a process does not tell its random numbers. */
function isRandom(path: Node, source: SourceView): boolean {
  return involves(
    path,
    source,
    ({ type, text }) =>
      type === 'call_expression' && /rand|uuid|CreateTemp|MkdirTemp|Nano|Getpid/i.test(text),
  )
}

function modeOf(mode: Node, source: SourceView): number | null {
  const inner =
    mode.type === 'call_expression' || mode.type === 'type_conversion_expression'
      ? (argumentAt(mode, 0) ?? mode)
      : mode
  const value = integerOf(inner)
  if (value !== null || inner.type !== 'identifier') return value
  const [bound, other] = visibleValues(inner, source)
  return bound !== undefined && other === undefined ? integerOf(bound) : null
}
