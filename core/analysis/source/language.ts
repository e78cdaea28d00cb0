/** The languages whose source is understood: by the lexer, by the import graph and by the structural rules. */
export const LANGUAGES = ['javascript', 'typescript', 'tsx', 'python', 'go', 'java'] as const
export type Language = (typeof LANGUAGES)[number]

const BY_EXTENSION: Readonly<Record<string, Language>> = {
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'javascript',
  ts: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  tsx: 'tsx',
  py: 'python',
  pyi: 'python',
  go: 'go',
  java: 'java',
}

/** The language of a file, by the extension of its name; null for what is not understood. */
export function languageOf(path: string): Language | null {
  const extension = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''
  return Object.hasOwn(BY_EXTENSION, extension) ? BY_EXTENSION[extension]! : null
}
