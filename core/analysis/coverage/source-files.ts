import type { Language } from '../source/language.ts'

/**
 * What has nothing that tests could execute: documents, data, configuration, markup, styles, media. A closed list, as whatever
 * is not on it needs a report: a language that is not known here is not thereby tested.
 */
const WITHOUT_CODE = new Set(
  [
    'md markdown rst txt adoc pdf doc docx odt rtf csv tsv log diff patch',
    'json jsonc json5 jsonl ndjson yaml yml toml ini cfg conf properties env xml xsd dtd lock sum mod work',
    'editorconfig gitignore gitattributes gitmodules dockerignore npmignore npmrc nvmrc prettierrc eslintrc',
    'html htm xhtml css scss sass less svg png jpg jpeg gif webp avif ico bmp mp3 mp4 webm wav woff woff2 ttf otf eot',
    'proto graphql gql avsc tf tfvars hcl gradle map snap pem crt cer key pub po pot mo',
  ]
    .join(' ')
    .split(' '),
)
const WITHOUT_CODE_NAMES =
  /^(?:license|licence|copying|notice|authors|contributors|codeowners|readme|changelog|version|dockerfile|makefile|procfile|\..+ignore|\.env(?:\..+)?)$/i

/** Folders of tests by convention, and names of test files in the languages that are understood. */
const TEST_FOLDERS = new Set(['test', 'tests', '__tests__', '__mocks__', 'testdata'])
const TEST_NAMES: readonly RegExp[] = [
  /\.(?:test|spec|e2e|cy|test-d)\.[cm]?[jt]sx?$/,
  /^(?:test_.*|.*_test|conftest)\.pyi?$/,
  /_test\.go$/,
  /(?:Test|Tests|TestCase|IT)\.(?:java|kt|groovy|scala)$/,
  /_(?:test|spec)\.(?:rb|exs|dart)$/,
]
const DECLARATIONS = /\.d\.[cm]?ts$|\.pyi$/

export type SourceKind = 'source' | 'test' | 'declaration' | 'without_code'

/** What a file of a change is to a coverage check, by its path. */
export function sourceKind(path: string, language: Language | null): SourceKind {
  const segments = path.split('/')
  const name = segments.pop()!
  if (DECLARATIONS.test(name)) return 'declaration'
  if (language === null && isWithoutCode(name)) return 'without_code'
  const inTests = segments.some((segment) => TEST_FOLDERS.has(segment))
  return inTests || TEST_NAMES.some((pattern) => pattern.test(name)) ? 'test' : 'source'
}

function isWithoutCode(name: string): boolean {
  if (WITHOUT_CODE_NAMES.test(name)) return true
  const extension = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase()
  return extension !== undefined && WITHOUT_CODE.has(extension)
}
