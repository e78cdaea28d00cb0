import { createHardhatRuntimeEnvironment } from 'hardhat/hre'

export interface TestChain {
  readonly rpcUrl: string
  /** Of an account that has money on it. */
  readonly privateKey: string
  /** Puts this many blocks on top. */
  mine(blocks: number): Promise<void>
  request(method: string, params: readonly unknown[]): Promise<unknown>
  stop(): Promise<void>
}

/** The first account of every development chain: its key is public and worthless. */
const FIRST_ACCOUNT = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'

/** An Ethereum chain of the test's own, in this process, on a free port of 127.0.0.1. */
export async function startChain(): Promise<TestChain> {
  const environment = await createHardhatRuntimeEnvironment({})
  const server = await environment.network.createServer('default', '127.0.0.1', 0)
  const { port } = await server.listen()
  const rpcUrl = `http://127.0.0.1:${port}`
  const request = async (method: string, params: readonly unknown[]) => {
    const response = await fetch(rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    const { result, error } = (await response.json()) as { result?: unknown; error?: { message: string } }
    if (error !== undefined) throw new Error(error.message)
    return result
  }
  return {
    rpcUrl,
    privateKey: FIRST_ACCOUNT,
    async mine(blocks) {
      await request('hardhat_mine', [`0x${blocks.toString(16)}`])
    },
    request,
    stop: () => server.close(),
  }
}
