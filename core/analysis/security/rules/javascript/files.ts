import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { type Trace, trace } from './flow.ts'
import { isGuarded } from './guards.ts'
import { REQUEST_WORDS, traceRequest } from './input.ts'
import {
  ancestorOf,
  argumentOf,
  argumentsOf,
  calleeOf,
  childrenOf,
  memberOf,
  moduleOf,
  nameOf,
} from './nodes.ts'
import { calls, members, methods, rule } from './rule.ts'
import { isNeutralised } from './text.ts'

const OPENING = [
  ...[
    'readFile',
    'createReadStream',
    'writeFile',
    'createWriteStream',
    'appendFile',
    'unlink',
    'rm',
    'rmdir',
  ],
  ...[
    'readdir',
    'mkdir',
    'open',
    'openAsBlob',
    'rename',
    'copyFile',
    'cp',
    'symlink',
    'link',
    'truncate',
    'access',
  ],
  ...['stat', 'lstat', 'exists', 'readJson', 'outputFile', 'remove', 'ensureDir', 'readlink', 'chmod'],
].flatMap((name) => [name, `${name}Sync`])
const WRITING = /^(?:writeFile|createWriteStream|appendFile|mkdir|outputFile|open|symlink|link|ensureDir)/
const FILE_SYSTEM_WORDS = [
  "fs'",
  'fs"',
  'fs/promises',
  'fs-extra',
  'fs.',
  'fsp.',
  'fse.',
  'fsPromises',
  'Deno.',
]
const ARCHIVES = ["'tar", '"tar', 'tar-', 'tar.', 'zip', 'Zip', 'ZIP', 'yauzl', 'decompress', 'rchive']
/** Flags with which a file that is there already, or a link, is refused. */
const EXCLUSIVE = /['"][wa]x\+?['"]|O_EXCL/
const CONFINED = /basename|sanit|safe|slug|^resolveWithin$|normalizeName/i

/** Files and their names (CWE-22, CWE-377, CWE-732). */
export const FILE_RULES: readonly Rule[] = [
  rule({
    id: 'js-path-from-input',
    title: 'A client chooses the file: resolve the path and check that it stays within its directory',
    cwe: ['CWE-22', 'CWE-73'],
    severity: 'high',
    needs: [REQUEST_WORDS, FILE_SYSTEM_WORDS, OPENING.map((name) => `${name}(`)],
    on: [calls(OPENING)],
    accept: ({ source, finding, name }) => {
      if (!isFileSystem(source, finding)) return false
      return argumentsOf(source, finding)
        .slice(0, /^(?:rename|copy|cp|link|symlink)/.test(name) ? 2 : 1)
        .some((path) => isOpenPath(source, traceRequest(source, path), path, finding))
    },
  }),
  rule({
    id: 'js-sent-file-from-input',
    title: 'A client chooses the file that is sent: name the directory with the option root',
    cwe: ['CWE-22', 'CWE-73'],
    severity: 'high',
    needs: [REQUEST_WORDS, ['sendFile', 'sendfile', 'download', 'Bun.file', 'readTextFile']],
    on: [methods(['sendFile', 'sendfile', 'download', 'file', 'readTextFile'])],
    accept: ({ source, finding: call, name }) => {
      const { object } = calleeOf(call)
      const [path, options, third] = argumentsOf(source, call)
      if (path === undefined || (name === 'file' && nameOf(object) !== 'Bun')) return false
      if (
        /^(?:file|readTextFile)$/.test(name) ===
        /^_?(?:res|response|reply)/.test(object?.text.slice(0, 9) ?? '')
      ) {
        return false
      }
      const isRooted = [options, third].some((part) => memberOf(source, part ?? null, 'root') !== null)
      return !isRooted && isOpenPath(source, traceRequest(source, path), path, call)
    },
  }),
  rule({
    id: 'js-archive-path',
    title: 'An archive chooses where its entries are written: check that the path stays within the directory',
    cwe: ['CWE-22', 'CWE-29'],
    severity: 'high',
    needs: [ARCHIVES, OPENING.filter((name) => WRITING.test(name)), FILE_SYSTEM_WORDS],
    on: [calls(OPENING.filter((name) => WRITING.test(name)))],
    accept: ({ source, finding, name }) => {
      const path = argumentOf(source, finding, 0)
      if (path === null || !isFileSystem(source, finding)) return false
      const named = trace(source, path, isEntryName)
      return named !== null && !/^(?:mkdir|ensureDir)/.test(name) && isOpenPath(source, named, path, finding)
    },
  }),
  rule({
    id: 'js-temporary-file',
    title:
      'A temporary file has a name that others can guess: make a directory with mkdtemp, or open it with wx',
    cwe: ['CWE-377', 'CWE-379'],
    severity: 'low',
    needs: [
      ['/tmp', 'tmpdir'],
      ['writeFile', 'createWriteStream', 'appendFile', 'open', 'outputFile'],
    ],
    on: [
      calls(
        OPENING.filter((name) => /^(?:writeFile|createWriteStream|appendFile|open|outputFile)/.test(name)),
      ),
    ],
    accept: ({ source, finding, name }) => {
      const [path, ...rest] = argumentsOf(source, finding)
      if (path === undefined || !isFileSystem(source, finding)) return false
      if (/^open/.test(name) && !/['"][wa]/.test(rest[0]?.text ?? '')) return false
      return !rest.some((part) => EXCLUSIVE.test(part.text.slice(0, 300))) && isGuessable(source, path)
    },
  }),
  rule({
    id: 'js-file-mode',
    title: 'Everybody on the machine may write the file: use a mode such as 0o600',
    cwe: ['CWE-732', 'CWE-276'],
    severity: 'medium',
    needs: [
      [
        'chmod',
        'umask',
        'mkdir',
        'writeFile',
        'createWriteStream',
        'appendFile',
        'outputFile',
        'ensureDir',
        'mkdtemp',
      ],
      ['0o', '777', '666', '722', '733', '757', '511', '438', 'umask'],
    ],
    on: [
      calls(['chmod', 'chmodSync', 'fchmod', 'fchmodSync', 'lchmod']),
      methods(['umask']),
      members(['mode', 'defaultMode']),
    ],
    accept: ({ source, finding, name }) => {
      if (finding.type === 'pair')
        return isOpenMode(finding.childForFieldName('value'), 0o7) && isFileOption(source, finding)
      const [first, second] = argumentsOf(source, finding)
      if (name === 'umask') return Number(first?.text) === 0
      const mode = second?.type === 'identifier' ? source.valueOf(second.text, second) : (second ?? null)
      return isOpenMode(mode, 0o2)
    },
  }),
]

/** Whether a call is one of the file system's, by its module or by the usual names of it. */
function isFileSystem(source: SourceView, call: Node): boolean {
  const module = moduleOf(source, call)
  if (module !== null) return /^(?:fs|fs\/promises|fs-extra|graceful-fs|memfs)$/.test(module)
  const { object } = calleeOf(call)
  return object !== null && /^(?:fs|fsp|fse|fsPromises|Deno)(?:\.promises)?$/.test(object.text)
}

function isOpenPath(source: SourceView, traced: Trace | null, path: Node, place: Node): boolean {
  return traced !== null && !isNeutralised(source, path, CONFINED) && !isGuarded(source, traced, place)
}

/** The name that an archive gives an entry: `entry.path`, `header.name`, `file.entryName`. */
function isEntryName(node: Node): boolean {
  if (node.type !== 'member_expression') return false
  if (!/^(?:path|name|fileName|filename|entryName|relativePath|rawEntryName)$/.test(nameOf(node)))
    return false
  return /^(?:entry|header|file|e|zipEntry|item|member|tarEntry)$/.test(
    nameOf(node.childForFieldName('object')),
  )
}

/** Whether a path is in the directory for temporary files and has nothing random in it. */
function isGuessable(source: SourceView, path: Node): boolean {
  const isTemporary = (node: Node) =>
    /^['"`]\/(?:var\/)?tmp\//.test(node.text.slice(0, 12)) ||
    (node.type === 'call_expression' && calleeOf(node).name === 'tmpdir')
  const parts: Node[] = []
  collect(source, path, parts)
  if (!parts.some(isTemporary)) return false
  return parts.every(
    (part) =>
      !/mkdtemp|random(?:Bytes|UUID|Int)|uuid|nanoid|\bdir\b|[Dd]irectory|folder|ulid|cuid|tmp\.\w+Sync/.test(
        part.text.slice(0, 200),
      ),
  )
}

/** The expressions that a path is made of, as far as names of the same file tell. */
function collect(source: SourceView, node: Node, parts: Node[], depth = 0): void {
  if (depth > 6 || parts.length > 40 || !source.spend(1)) return
  parts.push(node)
  if (node.type === 'identifier') {
    for (const value of source.valuesOf(node.text).slice(0, 4)) collect(source, value, parts, depth + 1)
  } else if (node.type === 'call_expression') {
    for (const part of argumentsOf(source, node)) collect(source, part, parts, depth + 1)
  } else {
    for (const part of childrenOf(source, node)) collect(source, part, parts, depth + 1)
  }
}

/** Whether a mode gives others one of the rights in `mask` to write: all of them, when it is 0o7. */
function isOpenMode(mode: Node | null, mask: number): boolean {
  const text = mode?.text.replace(/^["']|["']$/g, '') ?? ''
  const value = /^0[0-7]+$/.test(text) || mode?.type === 'string' ? Number.parseInt(text, 8) : Number(text)
  if (/^\d+$/.test(text) && !/^0|^(?:511|438)$/.test(text) && mode?.type === 'number') return false
  return Number.isInteger(value) && value <= 0o7777 && (value & mask) === mask && (value & 0o2) !== 0
}

/** Whether an object literal is an option of what makes a file or a directory. */
function isFileOption(source: SourceView, member: Node): boolean {
  const call = ancestorOf(source, member, 3)
  if (call?.type !== 'call_expression') return false
  return (
    /^(?:mkdir|writeFile|createWriteStream|appendFile|outputFile|ensureDir|mkdtemp|mkdirp|cp)/.test(
      calleeOf(call).name,
    ) && source.spend(1)
  )
}
