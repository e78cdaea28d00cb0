import go from '@vscode/tree-sitter-wasm/wasm/tree-sitter-go.wasm'
import java from '@vscode/tree-sitter-wasm/wasm/tree-sitter-java.wasm'
import javascript from '@vscode/tree-sitter-wasm/wasm/tree-sitter-javascript.wasm'
import python from '@vscode/tree-sitter-wasm/wasm/tree-sitter-python.wasm'
import tsx from '@vscode/tree-sitter-wasm/wasm/tree-sitter-tsx.wasm'
import typescript from '@vscode/tree-sitter-wasm/wasm/tree-sitter-typescript.wasm'
import runtime from 'web-tree-sitter/web-tree-sitter.wasm'
import { openSyntax } from '../../../core/analysis/source/syntax.ts'

/** The isolate's parser. Its grammars are instantiated when a file first needs them. */
export const syntax = await openSyntax({
  runtime,
  grammars: { javascript, typescript, tsx, python, go, java },
})
