import { createClient, type Hex, http, keccak256, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import {
  estimateFeesPerGas,
  estimateGas,
  getBlockNumber,
  getChainId,
  getTransactionCount,
  getTransactionReceipt,
  sendRawTransaction,
} from 'viem/actions'
import type { AnchorChain } from '../../../core/log/anchor/chain.ts'

export interface EthereumOptions {
  /** JSON-RPC. */
  readonly rpcUrl: string
  /** 32 bytes, `0x` and hex. Its account pays for the gas and holds nothing else. */
  readonly privateKey: string
  /** Blocks on top of the one that holds the transaction before it counts. */
  readonly confirmations?: number
}

const TIMEOUT_MS = 10_000
const RETRIES = 2
const DEFAULT_CONFIRMATIONS = 12
/** Fees move: an anchor that was estimated too low would block every later one. */
const FEE_HEADROOM = 3n

/** Variables of the core Worker. */
export interface AnchorVariables {
  readonly ANCHOR_RPC_URL?: string | undefined
  readonly ANCHOR_PRIVATE_KEY?: string | undefined
  readonly ANCHOR_CONFIRMATIONS?: string | undefined
}

/** The chain that the configuration names; null when it names none. */
export function openAnchorChain(variables: AnchorVariables): AnchorChain | null {
  const { ANCHOR_RPC_URL: rpcUrl, ANCHOR_PRIVATE_KEY: privateKey } = variables
  if (!rpcUrl || !privateKey) return null
  const confirmations = Number(variables.ANCHOR_CONFIRMATIONS || DEFAULT_CONFIRMATIONS)
  if (!Number.isSafeInteger(confirmations) || confirmations < 0) {
    throw new TypeError('ANCHOR_CONFIRMATIONS is a number of blocks')
  }
  return createEthereumChain({ rpcUrl, privateKey, confirmations })
}

/** An Ethereum-compatible chain over JSON-RPC. Anchors are transactions of an account to itself that carry a checkpoint. */
export function createEthereumChain(options: EthereumOptions): AnchorChain {
  const account = privateKeyToAccount(options.privateKey as Hex)
  const client = createClient({
    transport: http(options.rpcUrl, { timeout: TIMEOUT_MS, retryCount: RETRIES }),
  })
  const confirmations = options.confirmations ?? DEFAULT_CONFIRMATIONS
  return {
    async prepare(bytes) {
      const data = toHex(bytes)
      const to = account.address
      const [chainId, nonce, fees, gas] = await Promise.all([
        getChainId(client),
        getTransactionCount(client, { address: to, blockTag: 'pending' }),
        estimateFeesPerGas(client),
        estimateGas(client, { account, to, data }),
      ])
      const maxFeePerGas = fees.maxFeePerGas * FEE_HEADROOM
      const { maxPriorityFeePerGas } = fees
      const raw = await account.signTransaction({
        type: 'eip1559',
        chainId,
        nonce,
        to,
        data,
        gas,
        maxFeePerGas,
        maxPriorityFeePerGas,
      })
      return { chainId, hash: keccak256(raw), raw }
    },
    async send(raw) {
      try {
        await sendRawTransaction(client, { serializedTransaction: raw as Hex })
      } catch (error) {
        if (await isKnown(keccak256(raw as Hex))) return
        throw error
      }
    },
    async confirmation(hash) {
      const receipt = await receiptOf(hash as Hex)
      if (receipt === null) return null
      const height = await getBlockNumber(client, { cacheTime: 0 })
      return height - receipt.blockNumber >= BigInt(confirmations)
        ? { blockNumber: Number(receipt.blockNumber) }
        : null
    },
  }

  /** A node that has it already refuses it in words of its own. */
  async function isKnown(hash: Hex): Promise<boolean> {
    const known = await client.request({ method: 'eth_getTransactionByHash', params: [hash] })
    return known !== null
  }

  async function receiptOf(hash: Hex) {
    try {
      return await getTransactionReceipt(client, { hash })
    } catch (error) {
      if (error instanceof Error && error.name === 'TransactionReceiptNotFoundError') return null
      throw error
    }
  }
}
