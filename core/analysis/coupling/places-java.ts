import { MAX_NAMES, type Place } from './places.ts'

/**
 * The file of a class, by its package; of nested classes (`a.B.*` too) and of static members that of the class around
 * them.
 */
export function* javaPlaces(_importer: string, specifier: string): Generator<Place> {
  const names = specifier.split('.')
  if (names.length > MAX_NAMES || names.includes('')) return
  for (let length = names.length; length > 1; length--) {
    yield { kind: 'end', path: `${names.slice(0, length).join('/')}.java` }
  }
}

/** The package: the names before the first with a capital. */
export function javaModule(_importer: string, specifier: string): string {
  const names = specifier.split('.')
  const capital = names.findIndex((name) => /^\p{Lu}/u.test(name))
  return names.slice(0, capital > 0 ? capital : Math.max(1, names.length - 1)).join('.')
}
