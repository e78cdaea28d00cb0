import { sourceKind } from '../coverage/source-files.ts'
import { languageOf } from './language.ts'

/** Extensions of source in languages that are not understood here: secrets are found in it, and nothing more. */
const OTHER_SOURCE =
  /\.(?:c|cc|cpp|cxx|h|hh|hpp|cs|rb|php|rs|swift|kt|kts|scala|clj|ex|exs|erl|hs|lua|pl|pm|r|jl|dart|groovy|m|mm|vb|fs|fsx|ml|nim|zig|sol|sh|bash|zsh|ps1|vue|svelte|astro)$/i

/**
 * Whether a file may be program source that no rule is written for. What is not known here, like a file without an
 * extension, is not thereby harmless: only documents, data and the like are no source.
 */
export function isOtherSource(path: string): boolean {
  if (languageOf(path) !== null) return false
  return OTHER_SOURCE.test(path) || sourceKind(path, null) === 'source'
}
