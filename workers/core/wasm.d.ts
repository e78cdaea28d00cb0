/** What the runtime makes of a `.wasm` file that is imported: compiled, not instantiated. */
declare module '*.wasm' {
  const module: WebAssembly.Module
  export default module
}
