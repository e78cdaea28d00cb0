import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { argument, type Call, callRule, readCall } from './call.ts'
import { isInput } from './flow.ts'
import { isGuarded } from './guards.ts'
import { lastName, literalText, namesIn, qualifiedName } from './names.ts'
import { textAround } from './scope.ts'
import { beginningOf, derives, resolve } from './values.ts'

/** What leaves of a path its last part, or refuses it. */
const PATH_SAFE = {
  safe: new Set([
    'basename',
    'safe_join',
    'send_from_directory',
    'get_valid_filename',
    '.name',
    '.stem',
    '.suffix',
  ]),
}
const OPENING =
  /^(?:open|io\.open|codecs\.open|gzip\.open|bz2\.open|lzma\.open|aiofiles\.open|builtins\.open|zipfile\.ZipFile|tarfile\.open|tarfile\.TarFile)$/
const FILE_CALL =
  /^(?:os\.(?:open|remove|unlink|rmdir|removedirs|rename|replace|listdir|scandir|mkdir|makedirs|truncate|chmod|symlink|link|walk)|shutil\.\w+|.*\b(?:FileResponse|send_file|static_file)|flask\.send_file|linecache\.getlines|numpy\.(?:load|loadtxt)|pandas\.read_\w+|web\.FileResponse)$/
const PATH_METHODS = new Set(
  'read_text read_bytes write_text write_bytes unlink open touch mkdir rmdir rename replace'.split(' '),
)
const TEMPORARY = /^(?:(?:\/var)?\/tmp|\/dev\/shm)\//

/** Files and paths (CWE-22, CWE-377, CWE-732). */
export const FILE_RULES: readonly Rule[] = [
  callRule({
    id: 'py-path-traversal',
    title:
      'A request decides which file is used: take the last part of the name only, or check the resolved path',
    cwe: ['CWE-22'],
    severity: 'high',
    names:
      'open ZipFile TarFile remove unlink rmdir removedirs rename replace listdir scandir mkdir makedirs truncate chmod symlink link ' +
      'walk copy copy2 copyfile copytree move rmtree FileResponse send_file static_file getlines load loadtxt read_csv read_excel ' +
      'read_json read_parquet read_text read_bytes write_text write_bytes touch',
    needs: [],
    accept: usesInputPath,
  }),
  callRule({
    id: 'py-upload-name',
    title:
      'An uploaded file is stored under the name that came with it: make a name of your own, or use secure_filename',
    cwe: ['CWE-22', 'CWE-434'],
    severity: 'high',
    names: 'save',
    needs: ['filename'],
    accept: ({ positional: [path], source }) =>
      path !== undefined &&
      isInput(path, source, PATH_SAFE) &&
      derives(path, source, (part) => part.type === 'attribute' && lastName(part) === 'filename'),
  }),
  callRule({
    id: 'py-tar-extraction',
    title: "An archive is unpacked wherever its entries say: pass filter='data'",
    cwe: ['CWE-22'],
    severity: 'high',
    names: 'extractall extract unpack_archive',
    needs: [['tarfile', 'shutil']],
    accept: extractsAnywhere,
  }),
  callRule({
    id: 'py-archive-member-path',
    title:
      'A file is written where an entry of an archive says: check that the resolved path is within the folder',
    cwe: ['CWE-22'],
    severity: 'high',
    names: 'open write_bytes write_text copyfileobj makedirs mkdir',
    needs: [
      ['zipfile', 'tarfile'],
      ['namelist', 'infolist', 'getmembers', 'getnames'],
    ],
    accept: writesMember,
  }),
  callRule({
    id: 'py-temporary-name',
    title: 'Somebody else can create the temporary file first: use tempfile.NamedTemporaryFile or mkstemp',
    cwe: ['CWE-377', 'CWE-379'],
    severity: 'medium',
    names: 'mktemp tempnam tmpnam',
    needs: [['tempfile', 'os']],
    accept: ({ name }) => /^(?:tempfile\.mktemp|os\.tempnam|os\.tmpnam)$/.test(name),
  }),
  callRule({
    id: 'py-temporary-path',
    title: 'A file with a known name is written to a folder that all users share: use tempfile',
    cwe: ['CWE-377'],
    severity: 'low',
    names: 'open write_text write_bytes',
    needs: [['/tmp/', '/dev/shm/']],
    accept: writesSharedFolder,
  }),
  callRule({
    id: 'py-file-mode',
    title: 'Every user of the machine may write this file: leave out the permissions for others',
    cwe: ['CWE-732', 'CWE-276'],
    severity: 'medium',
    names: 'chmod fchmod lchmod makedirs mkdir open umask mkfifo',
    needs: [['0o', '0x', 'S_IWOTH', 'S_IRWXO', 'umask']],
    accept: isOpenToAll,
  }),
]

function usesInputPath({ name, method, receiver, positional, keywords, source }: Call): boolean {
  const isOpening = OPENING.test(name)
  if (isOpening || FILE_CALL.test(name)) {
    const paths = [...positional.slice(0, 2), ...keywords.values()]
    return (isOpening ? paths.slice(0, 1) : paths).some((path) => isInputPath(path, source))
  }
  if (!PATH_METHODS.has(method) || receiver === null) return false
  // `a / name` and `Path(a, name)`, not any object with such a method.
  const made = resolve(receiver, source)
  const isPath =
    made.type === 'binary_operator' ||
    made.type === 'parenthesized_expression' ||
    /(?:Path|joinpath|resolve|absolute|expanduser|with_suffix)$/.test(
      lastName(made.childForFieldName('function')),
    )
  return isPath && isInputPath(receiver, source)
}

function isInputPath(path: Node, source: SourceView): boolean {
  if (path.type === 'string' && literalText(path) !== null) return false
  // The upload itself, not its name.
  const made = resolve(path, source)
  if (/^(?:request|self\.request)\.(?:files|FILES)\b[^.]*$/.test(made.text.slice(0, 200))) return false
  if (/(?:^|\.)(?:file|stream|BytesIO|StringIO)(?:\(|$)/.test(made.text.slice(0, 80))) return false
  return isInput(path, source, PATH_SAFE)
}

/** zipfile drops `..` and absolute paths by itself; tarfile does not before Python 3.14. */
function extractsAnywhere({ name, method, receiver, positional, keywords, hasMore, source }: Call): boolean {
  if (keywords.has('filter') || hasMore) return false
  if (method === 'unpack_archive') {
    return name === 'shutil.unpack_archive' && !/\.zip$/.test(literalText(positional[0] ?? null) ?? '')
  }
  if (receiver === null) return false
  const opened = resolve(receiver, source)
  const made = readCall(opened, source)?.name ?? ''
  const isTar = /^tarfile\.(?:open|TarFile(?:\.\w+)?|TarFile\.open)$/.test(made)
  if (!isTar) return false
  if (method === 'extractall' && (keywords.has('members') || positional.length > 1)) return false
  return !checksMembers(receiver, source)
}

/** Whether the function looks at where the entries would go before it unpacks them. */
function checksMembers(archive: Node, source: SourceView): boolean {
  const text = textAround(archive, source)
  const before = text.slice(0, Math.max(0, text.search(/\.extract(?:all)?\(/)))
  return /\bextraction_filter\b|commonpath|commonprefix|is_relative_to|relative_to\(|startswith\(|is_safe|is_within|realpath/.test(
    before,
  )
}

function writesMember({ name, method, receiver, positional, source }: Call): boolean {
  if (method === 'open' && (!OPENING.test(name) || !/[wax]/.test(literalText(positional[1] ?? null) ?? '')))
    return false
  const path = method.startsWith('write_') ? receiver : positional[method === 'copyfileobj' ? 1 : 0]
  if (path === null || path === undefined) return false
  if (namesIn(path).some((one) => isGuarded(one, path, source))) return false
  if (derives(path, source, (part) => /^(?:basename|secure_filename|is_within)$/.test(calledName(part))))
    return false
  return derives(path, source, (part) => /^(?:namelist|infolist|getmembers|getnames)$/.test(calledName(part)))
}

function calledName(part: Node): string {
  return part.type === 'call' ? lastName(part.childForFieldName('function')) : ''
}

function writesSharedFolder({ name, method, receiver, positional, keywords, source }: Call): boolean {
  if (method !== 'open') {
    const path = receiver === null ? null : readCall(resolve(receiver, source), source)
    return path !== null && /Path$/.test(path.name) && TEMPORARY.test(beginning(path.positional[0], source))
  }
  if (name !== 'open' && name !== 'io.open') return false
  const mode = literalText(positional[1] ?? keywords.get('mode') ?? null) ?? ''
  return /[wa]/.test(mode) && TEMPORARY.test(beginning(positional[0], source))
}

function beginning(path: Node | undefined, source: SourceView): string {
  if (path === undefined) return ''
  const literal = literalText(resolve(path, source))
  return (
    literal ??
    (/["']\/(?:tmp|var|dev)/.test(path.text.slice(0, 200)) ? (beginningOf(path, source) ?? '') : '')
  )
}

/** Permissions of others to write. */
function isOpenToAll(call: Call): boolean {
  const { name, method, positional, keywords, receiver, source } = call
  // `old = os.umask(0)` is how the mask is read.
  if (method === 'umask') {
    const isKept = call.node.parent?.type === 'expression_statement'
    return name === 'os.umask' && isKept && isZero(positional[0], source)
  }
  // Everybody asks for 0o666 of a new file and leaves the rest to the umask.
  if (method === 'open') return name === 'os.open' && /^0o0?777$/.test(positional[2]?.text ?? '')
  const isChange = method.endsWith('chmod')
  if (!isChange && !keywords.has('mode') && positional.length < 2) return false
  const isPathMethod = isChange && receiver !== null && qualifiedName(receiver, source) !== 'os'
  const index = isPathMethod ? 0 : 1
  const mode = argument(call, index, 'mode')
  return mode !== null && allowsOthers(resolve(mode, source))
}

function allowsOthers(mode: Node): boolean {
  if (mode.type === 'integer') return (Number(mode.text.replaceAll('_', '')) & 0o002) !== 0
  const isCombined =
    mode.type === 'attribute' || (mode.type === 'binary_operator' && !mode.text.includes('~'))
  return isCombined && /\bS_(?:IWOTH|IRWXO)\b/.test(mode.text.slice(0, 400))
}

function isZero(mask: Node | undefined, source: SourceView): boolean {
  const value = mask === undefined ? null : resolve(mask, source)
  return value?.type === 'integer' && Number(value.text.replaceAll('_', '')) === 0
}
