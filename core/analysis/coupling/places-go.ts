import { MAX_NAMES, type Place } from './places.ts'
import { GO_STANDARD_ROOTS } from './standard-modules.ts'

/** What stands for the files of a folder, which in Go are one package. */
export function goPackage(folder: string): string {
  return folder === '' ? '*.go' : `${folder}/*.go`
}

/**
 * The folder of a package. An import path is that of the module, which `go.mod` names and nothing here does, and then
 * that of the folder: two segments and more are found by the end of a path. A folder at the top is taken if what is
 * before it looks like a module: `shop/db`, `example.com/shop/db`, `github.com/example/shop/db`.
 */
export function* goPlaces(_importer: string, specifier: string): Generator<Place> {
  const segments = specifier.split('/')
  if (segments.length > MAX_NAMES || segments.includes('') || GO_STANDARD_ROOTS.has(segments[0]!)) return
  for (let from = 0; from < segments.length - 1; from++) {
    yield { kind: 'end', path: goPackage(segments.slice(from).join('/')) }
  }
  if (isModule(segments.slice(0, -1))) yield { kind: 'exact', path: goPackage(segments.at(-1)!) }
}

export function goModule(_importer: string, specifier: string): string {
  return specifier
}

/**
 * On the well-known forges a module is host, owner and repository, elsewhere it may be shorter; then its major
 * version.
 */
function isModule(segments: readonly string[]): boolean {
  const length = segments.length - (/^v\d+$/.test(segments.at(-1) ?? '') ? 1 : 0)
  if (/^(?:github|gitlab)\.com$|^bitbucket\.org$/.test(segments[0] ?? '')) return length === 3
  return length >= 1 && length <= (segments[0]!.includes('.') ? 3 : 1)
}
