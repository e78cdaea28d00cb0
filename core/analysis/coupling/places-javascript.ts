import { folderOf, inFolder, joinPath, type Place } from './places.ts'

/** Of scripts, which an import may leave out; the first of them is what is meant. */
const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.d.ts']
const RANKS: ReadonlyMap<string, number> = new Map(EXTENSIONS.map((extension, rank) => [extension, rank]))
/** TypeScript has modules imported by the name of what they are compiled to (`moduleResolution: nodenext`). */
const COMPILED = /\.[cm]?jsx?$/
/** Customary names of the folder of sources, which bundlers and TypeScript are told of in their configuration. */
const ALIAS = /^[@~]\//

/** The file of this name, the source that it is compiled from, with an extension, or the index of a folder. */
export function* javaScriptPlaces(importer: string, specifier: string): Generator<Place> {
  const name = specifier.split('?', 1)[0]!
  if (/^\.\.?(?:\/|$)/.test(name)) yield* filesNamed(joinPath(folderOf(importer), name))
  else if (ALIAS.test(name)) {
    const path = joinPath('', name.slice(2).replace(COMPILED, ''))
    if (path === null || path === '') return
    yield { kind: 'above', path }
    yield { kind: 'above', path: `${path}/index` }
  }
}

/** The package of a bare name; where a relative one leads; of others the name itself. */
export function javaScriptModule(importer: string, specifier: string): string {
  const name = specifier.split('?', 1)[0]!
  if (name.startsWith('.')) return joinPath(folderOf(importer), name) ?? name
  if (/^[/~#]|^@\//.test(name)) return name
  const bare = name.replace(/^node:/, '')
  return bare
    .split('/')
    .slice(0, bare.startsWith('@') ? 2 : 1)
    .join('/')
}

/** The path of a script without its extension, and how far behind others of that name it is; null for other files. */
export function scriptStem(path: string): { readonly stem: string; readonly rank: number } | null {
  const dot = path.lastIndexOf(path.endsWith('.d.ts') ? '.d.ts' : '.')
  const rank = dot === -1 ? undefined : RANKS.get(path.slice(dot))
  return rank === undefined ? null : { stem: path.slice(0, dot), rank }
}

function* filesNamed(path: string | null): Generator<Place> {
  if (path === null) return
  if (path !== '') yield { kind: 'exact', path }
  if (COMPILED.test(path)) yield { kind: 'stem', path: path.replace(COMPILED, '') }
  if (path !== '') yield { kind: 'stem', path }
  yield { kind: 'stem', path: inFolder(path, 'index') }
}
