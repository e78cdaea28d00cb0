import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { text as readAll } from 'node:stream/consumers'
import { parseStrictJson, readTrustRoot, type TrustRoot } from '../../core/verify/index.ts'
import { callApi } from '../api.ts'
import type { CommandContext } from '../command.ts'
import type { Connection } from '../configuration.ts'
import { inputFailure } from '../failure.ts'
import { readUnverified } from './show.ts'

/** What is to be signed next, as the network drafted it: `GET /v1/trust-root/draft`. */
export interface Draft {
  /** JSON text, to be signed as it is. */
  readonly payload: string
  readonly trustRoot: TrustRoot
  /** The newest one that was published, and the text that it came in; null before the first. */
  readonly current: { readonly text: string; readonly trustRoot: TrustRoot } | null
}

/**
 * @param source a file, `-` for stdin; fetched with the operator's key if not given
 * @throws {CommandFailure} (exit code 2) when it is no draft
 */
export async function readDraft(
  source: string | undefined,
  connection: Connection,
  { cwd, terminal }: CommandContext,
): Promise<Draft> {
  const value =
    source === undefined
      ? await fetchDraft(connection, (line) => terminal.warn(line))
      : parse(await read(source, cwd))
  const draft = openDraft(value)
  if (draft !== null) return draft
  throw inputFailure(`${source ?? 'what the network answered'} is not a draft of a trust root`)
}

/** @throws {CommandFailure} without a key */
export function requireOperatorKey(connection: Connection): void {
  if (connection.apiKey !== null) return
  throw inputFailure("an operator's API key is needed", 'Set CODERISK_API_KEY, or give --api-key')
}

function fetchDraft(connection: Connection, report: (line: string) => void): Promise<unknown> {
  requireOperatorKey(connection)
  return callApi(connection, { method: 'GET', path: '/v1/trust-root/draft', authorised: true }, report)
}

function read(source: string, cwd: string): Promise<string> {
  if (source === '-') return readAll(process.stdin)
  return readFile(resolve(cwd, source), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw inputFailure(`the draft ${source} cannot be read (${error.code})`)
  })
}

function parse(text: string): unknown {
  const parsed = parseStrictJson(text)
  return parsed.ok ? parsed.value : null
}

/** @returns null when `value` is no draft. Never throws */
export function openDraft(value: unknown): Draft | null {
  if (!isRecord(value) || typeof value.payload !== 'string') return null
  const trustRoot = readTrustRoot(value.payload)
  if (trustRoot === null || trustRoot.version !== value.version) return null
  if (value.current === null) return { payload: value.payload, trustRoot, current: null }
  const text = isRecord(value.current) ? JSON.stringify(value.current.signed ?? null) : ''
  const current = readUnverified(text)
  return current && { payload: value.payload, trustRoot, current: { text, trustRoot: current } }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
