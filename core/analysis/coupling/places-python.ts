import { folderOf, inFolder, MAX_NAMES, type Place } from './places.ts'
import { PYTHON_STANDARD_MODULES } from './standard-modules.ts'

/**
 * The module of this name, or of as much of it as there is one of: the last names may be those of what is in it. A
 * relative name is looked for where it says. Absolute names begin in a folder that only the installation knows
 * (`src/`, say): two names and more are found by the end of a path, a single one only in folders above the importing
 * file and in `src/` there, unless the standard library has a module of that name.
 */
export function* pythonPlaces(importer: string, specifier: string): Generator<Place> {
  const [, dots, dotted] = /^(\.*)(.*)$/s.exec(specifier)!
  const names = dotted === '' ? [] : dotted!.split('.')
  if (names.length > MAX_NAMES || names.includes('')) return
  if (dots !== '') {
    yield* relativePlaces(folderOf(importer), dots!.length - 1, names)
    return
  }
  if (PYTHON_STANDARD_MODULES.has(names[0]!)) return
  for (let length = names.length; length > 1; length--) {
    const path = names.slice(0, length).join('/')
    yield { kind: 'end', path: `${path}.py` }
    yield { kind: 'end', path: `${path}/__init__.py` }
  }
  yield { kind: 'above', path: `${names[0]}.py` }
  yield { kind: 'above', path: `${names[0]}/__init__.py` }
}

/** What is installed as one: the first name. Of a relative name its dots and the first name. */
export function pythonModule(_importer: string, specifier: string): string {
  return /^\.*[^.]*/.exec(specifier)![0]
}

function* relativePlaces(folder: string, up: number, names: readonly string[]): Generator<Place> {
  const segments = folder === '' ? [] : folder.split('/')
  if (up > segments.length) return
  const base = segments.slice(0, segments.length - up).join('/')
  for (let length = names.length; length > 0; length--) {
    yield* moduleIn(base, names.slice(0, length).join('/'))
  }
  yield { kind: 'exact', path: inFolder(base, '__init__.py') }
}

function* moduleIn(folder: string, path: string): Generator<Place> {
  yield { kind: 'exact', path: inFolder(folder, `${path}.py`) }
  yield { kind: 'exact', path: inFolder(folder, `${path}/__init__.py`) }
}
