import { describe, expect, test } from 'vitest'
import { LANGUAGES } from '../../../core/analysis/source/language.ts'
import { bundleWorker } from '../../../stack/bundle-workers.ts'

/** Of a paid plan, after compression (developers.cloudflare.com/workers/platform/limits). */
const MAX_COMPRESSED_BYTES = 10 * 1024 * 1024

describe('the core’s bundle', () => {
  test('imports the parser and each of its grammars as modules, and compiles none itself', async () => {
    const { script, wasm } = await bundleWorker('workers/core/index.ts')
    const grammars = LANGUAGES.map((language) => `tree-sitter-${language}.wasm`)
    expect(Object.keys(wasm).sort()).toEqual([...grammars, 'web-tree-sitter.wasm'].sort())
    for (const [name, bytes] of Object.entries(wasm)) {
      expect([...bytes.subarray(0, 4)], name).toEqual([0x00, 0x61, 0x73, 0x6d])
      expect(script).toContain(`"./${name}"`)
    }
    const bytes = script.length + Object.values(wasm).reduce((sum, { length }) => sum + length, 0)
    expect(await compressed(script, ...Object.values(wasm))).toBeLessThan(
      Math.min(bytes, MAX_COMPRESSED_BYTES),
    )
  })

  test('that of the edge has none: it analyses nothing', async () => {
    const { script, wasm } = await bundleWorker('workers/edge/index.ts')
    expect(wasm).toEqual({})
    expect(script).not.toMatch(/tree-sitter|secretlint/)
  })
})

async function compressed(...parts: readonly (string | Uint8Array)[]): Promise<number> {
  const stream = new Blob(parts as BlobPart[]).stream().pipeThrough(new CompressionStream('gzip'))
  return (await new Response(stream).arrayBuffer()).byteLength
}
