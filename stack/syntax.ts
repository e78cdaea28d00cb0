import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { LANGUAGES, type Language } from '../core/analysis/source/language.ts'
import { openSyntax, type Syntax } from '../core/analysis/source/syntax.ts'

const require = createRequire(import.meta.url)
let opened: Promise<Syntax> | undefined

/** The parser as the core Worker has it, for this process. */
export function syntaxOfThisProcess(): Promise<Syntax> {
  opened ??= openSyntax({
    runtime: compile('web-tree-sitter/web-tree-sitter.wasm'),
    grammars: Object.fromEntries(
      LANGUAGES.map((language) => [
        language,
        compile(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${language}.wasm`),
      ]),
    ) as Record<Language, WebAssembly.Module>,
  })
  return opened
}

function compile(file: string): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(require.resolve(file)))
}
