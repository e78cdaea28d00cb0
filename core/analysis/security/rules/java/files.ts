import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { FIXED } from '../go-java/flow.ts'
import {
  argumentAt,
  argumentsOf,
  calledName,
  calledOn,
  plainType,
  stringOf,
  tailOf,
} from '../go-java/nodes.ts'
import { nodes, rule } from '../go-java/rule.ts'
import { involves, visibleValues } from '../go-java/scope.ts'
import { isInput, judge } from './flow.ts'
import { created, createdType, isStaticCall, methodsNamed, methodText, typeOf } from './nodes.ts'

const OPENERS = [
  'FileInputStream',
  'FileOutputStream',
  'FileReader',
  'FileWriter',
  'RandomAccessFile',
  'PrintWriter',
  'ZipFile',
]
const RESOURCES = ['FileSystemResource', 'ClassPathResource', 'UrlResource']
const PATH = {
  safe: /^(?:getFileName|getName|getBaseName|toRealPath|cleanFileName|newFileName|hashCode)$/,
  unchecked: /^(?:endsWith|exists|isFile|isDirectory|getExtension)$/,
}

/** What a path is checked by, before or after it is made. */
const CONFINING =
  /\.startsWith\((?!\s*"(?:https?:?|\/)")|contains\("\.\."\)|\bisValid\w*\(|isSubPath|sanitiz|FilenameUtils\.(?:getName|normalize)/

/** What an entry's path is checked by, in a method that unpacks archives. */
const UNPACKING_CHECK = /\.startsWith\(|"\.\."|getFileName\(|getCanonical|\bsafe|[sS]anitiz|[vV]alidat/

/** Files and their paths (CWE-22, CWE-377, CWE-732). */
export const FILE_RULES: readonly Rule[] = [
  rule({
    id: 'java-path-from-input',
    title:
      "A path is taken from the request: use the file's name only, or check that the normalised path stays inside",
    cwe: ['CWE-22'],
    severity: 'high',
    needs: [
      [
        ...OPENERS,
        ...RESOURCES,
        'File(',
        'Paths.get',
        'Path.of',
        'resolve(',
        'getResource',
        'getRequestDispatcher',
      ],
    ],
    on: [
      created('File', ...OPENERS, ...RESOURCES),
      methodsNamed(
        'get',
        'of',
        'resolve',
        'resolveSibling',
        'getResourceAsStream',
        'getResource',
        'getRequestDispatcher',
        'createRelative',
      ),
    ],
    accept: ({ finding: found, source }) => {
      if (found.type === 'method_invocation' && !isPathMethod(found, source)) return false
      const given = argumentsOf(found).slice(0, 3)
      // A request is passed on to where it came to.
      if (
        found.type === 'method_invocation' &&
        calledName(found) === 'getRequestDispatcher' &&
        /getRequestURI|getServletPath/.test(methodText(found, source))
      )
        return false
      if (given.some((part) => isOpened(part, source)) || !given.some((part) => isInput(part, source, PATH)))
        return false
      return !CONFINING.test(methodText(found, source))
    },
  }),
  rule({
    id: 'java-zip-slip',
    title:
      "An archive's entry decides where it is written: check that the normalised path stays inside the folder",
    cwe: ['CWE-22', 'CWE-23'],
    severity: 'high',
    needs: [
      ['ZipEntry', 'JarEntry', 'ArchiveEntry', 'TarEntry'],
      'getName()',
      ['File(', 'resolve(', 'Paths.get', 'Path.of', 'FileOutputStream('],
    ],
    on: [created('File', 'FileOutputStream'), methodsNamed('resolve', 'get', 'of')],
    accept: ({ finding: found, source }) => {
      if (found.type === 'method_invocation' && !isPathMethod(found, source)) return false
      if (!argumentsOf(found).some((part) => involves(part, source, (name) => isEntryName(name, source)))) {
        return false
      }
      return !UNPACKING_CHECK.test(methodText(found, source))
    },
  }),
  rule({
    id: 'java-predictable-temporary-file',
    title: 'A file of a name known in advance is written where everybody may write: use Files.createTempFile',
    cwe: ['CWE-377'],
    severity: 'medium',
    needs: [['/tmp/', 'java.io.tmpdir', 'createTempDir(']],
    on: [
      created('FileOutputStream', 'FileWriter', 'PrintWriter', 'RandomAccessFile'),
      methodsNamed(
        'write',
        'writeString',
        'newOutputStream',
        'newBufferedWriter',
        'createFile',
        'createTempDir',
        'createDirectory',
      ),
    ],
    accept: ({ finding: found, source }) => {
      if (found.type === 'method_invocation') {
        if (!isStaticCall(found, 'Files')) return false
        if (calledName(found) === 'createTempDir') return true
      }
      const path = argumentAt(found, 0)
      return path !== null && isPredictable(path, source)
    },
  }),
  rule({
    id: 'java-permissive-file-mode',
    title: 'Everybody on the machine may read or write a file: leave it to its owner',
    cwe: ['CWE-732'],
    severity: 'medium',
    needs: [['setWritable(', 'setReadable(', 'PosixFilePermission', 'chmod']],
    on: [
      methodsNamed('setWritable', 'setReadable', 'fromString', 'exec'),
      nodes('field_access', 'OTHERS_WRITE'),
    ],
    accept: ({ finding: call }) => {
      if (call.type === 'field_access') return !/\.(?:remove|contains|removeAll)$/.test(receiver(call))
      const [first, second] = argumentsOf(call)
      if (first === undefined) return false
      if (calledName(call) === 'fromString')
        return isStaticCall(call, 'PosixFilePermissions') && stringOf(first)?.[7] === 'w'
      if (calledName(call) === 'exec') return /^"chmod (?:-R )?0?77?7\b/.test(first.text)
      return first.text === 'true' && second?.text === 'false'
    },
  }),
]

function isPathMethod(call: Node, source: SourceView): boolean {
  const name = calledName(call)
  if (name === 'get') return isStaticCall(call, 'Paths')
  if (name === 'of') return isStaticCall(call, 'Path')
  if (name === 'resolve' || name === 'resolveSibling') {
    const on = calledOn(call)
    // Promises, configurations and dependencies are resolved too.
    return (
      on !== null &&
      /^(?:Path|)$/.test(plainType(typeOf(on, source))) &&
      /path|dir|root|folder|base|location|storage|upload|Path\.of|Paths\.get|toPath\(\)/i.test(tailOf(on))
    )
  }
  return true
}

/** Whether what is opened has been made of a path before, which is where the finding is. */
function isOpened(part: Node, source: SourceView): boolean {
  return (
    part.type === 'identifier' &&
    visibleValues(part, source).some(
      (value) =>
        (value.type === 'object_creation_expression' && createdType(value) === 'File') ||
        (value.type === 'method_invocation' &&
          /^(?:get|of|resolve|toFile)$/.test(calledName(value)) &&
          isPathMethod(value, source)),
    )
  )
}

/** `entry.getName()` of an archive's entry. */
function isEntryName(part: Node, source: SourceView): boolean {
  if (part.type !== 'method_invocation' || calledName(part) !== 'getName') return false
  const on = calledOn(part)
  if (on === null) return false
  const type = plainType(typeOf(on, source))
  return (
    /(?:Zip|Jar|Tar|Archive)\w*Entry$/.test(type) ||
    ((type === '' || type === 'var') && /entry$/i.test(tailOf(on)))
  )
}

function isPredictable(path: Node, source: SourceView): boolean {
  const { origin, text } = judge(path, source)
  if (origin !== FIXED) return false
  const values = path.type === 'identifier' ? visibleValues(path, source) : [path]
  const behind = values.map((value) => value.text.slice(0, 300)).join('\n')
  if (/createTemp|random|UUID|nanoTime|currentTimeMillis/i.test(behind)) return false
  if (/^(?:\/var)?\/tmp\/[^\s]/.test(text.trim())) return true
  return behind.includes('"java.io.tmpdir"') && /\w+\.\w+|\w/.test(text.replace('java.io.tmpdir', '').trim())
}

/** `perms.remove` of `perms.remove(OTHERS_WRITE)`. */
function receiver(permission: Node): string {
  const call = permission.parent?.parent
  return call?.type === 'method_invocation' ? `.${calledName(call)}` : ''
}
