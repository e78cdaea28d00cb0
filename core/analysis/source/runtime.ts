import { Parser } from 'web-tree-sitter'

/** Of all source that is parsed at once. A tree of 20,000 lines of TypeScript takes a fraction. */
const MAX_MEMORY_BYTES = 48 * 1024 * 1024

/** tree-sitter's WebAssembly instance, which is one for all of an isolate. */
export interface Runtime {
  /**
   * Puts the memory back to what it was at the start. An instance that was refused more memory has aborted in the
   * middle of what it did; nothing in it can be relied on after that.
   */
  reset(): void
}

type Instantiated = (instance: WebAssembly.Instance, module: WebAssembly.Module) => void
type StackExports = {
  emscripten_stack_get_current(): number
  _emscripten_stack_restore(top: number): void
}
type Environment = { memory: WebAssembly.Memory; emscripten_resize_heap: (bytes: number) => boolean }

/** Starts it with a limit to its memory, which grows and never shrinks. */
export async function startRuntime(module: WebAssembly.Module): Promise<Runtime> {
  // It asks whether it is in Node by looking for `process`, which workerd has too; this is its way out.
  Object.assign(globalThis.process ?? {}, { type: 'renderer' })
  let memory: WebAssembly.Memory | undefined
  let stack: StackExports | undefined
  await Parser.init({
    printErr() {},
    instantiateWasm(imports: WebAssembly.Imports, done: Instantiated) {
      const environment = imports.env as unknown as Environment
      const resize = environment.emscripten_resize_heap
      environment.emscripten_resize_heap = (bytes) => bytes >>> 0 <= MAX_MEMORY_BYTES && resize(bytes)
      memory = environment.memory
      const instance = new WebAssembly.Instance(module, imports)
      stack = instance.exports as unknown as StackExports
      done(instance, module)
      return instance.exports
    },
  } as never)
  const start = new Uint8Array(memory!.buffer).slice()
  const top = stack!.emscripten_stack_get_current()
  return {
    reset() {
      const bytes = new Uint8Array(memory!.buffer)
      bytes.set(start)
      bytes.fill(0, start.length)
      stack!._emscripten_stack_restore(top)
    },
  }
}
