import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inputFailure, usageFailure } from './failure.ts'

export const DEFAULT_URL = 'https://coderisk.com'
const STACK_FILE = join('.coderisk', 'stack.json')

/** Options of every command that speaks to a network. */
export const CONNECTION_OPTIONS = {
  url: { type: 'string' },
  'api-key': { type: 'string' },
} as const

/** Which network is asked. The key is shown to nobody and printed nowhere. */
export interface Connection {
  /** Without a slash at its end. */
  readonly baseUrl: string
  readonly apiKey: string | null
  /** Said when the network does not answer: where its URL came from. */
  readonly origin: string
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * `--url`, else `CODERISK_URL`, else the running local stack, else {@link DEFAULT_URL}. A key that came from the
 * stack's file goes to the URL in that file only.
 */
export function resolveConnection(
  options: { url?: string | undefined; 'api-key'?: string | undefined },
  env: Environment,
  cwd: string,
): Connection {
  const stack = findStack(cwd)
  const given = options.url ?? (env.CODERISK_URL || undefined)
  const baseUrl = checkBaseUrl(given ?? stack?.baseUrl ?? DEFAULT_URL)
  const stackKey = stack !== null && stack.baseUrl === baseUrl ? stack.apiKey : null
  return {
    baseUrl,
    apiKey: options['api-key'] ?? (env.CODERISK_API_KEY || null) ?? stackKey,
    origin: originOf(options.url, env, stack),
  }
}

/** @throws {CommandFailure} unless it is https, or http to this very machine */
export function checkBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol)) throw usageFailure(`'${text}' is not an http(s) URL`)
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw usageFailure('the URL must have no user, password, query or fragment')
  }
  if (url.protocol === 'http:' && !isLoopback(url)) {
    throw inputFailure(
      `${url.host} must be reached over https: code, keys and verdicts would travel unprotected`,
    )
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}

function originOf(option: string | undefined, env: Environment, stack: Stack | null): string {
  if (option !== undefined) return 'from --url'
  if (env.CODERISK_URL) return 'from CODERISK_URL'
  return stack === null ? 'the default' : `from ${stack.file}: is the local stack running? npm start`
}

interface Stack {
  readonly file: string
  readonly baseUrl: string
  readonly apiKey: string | null
}

/** The nearest stack.json upward from `cwd`, else from this file's own checkout. */
function findStack(cwd: string): Stack | null {
  const checkout = dirname(fileURLToPath(import.meta.url))
  return searchUpward(cwd) ?? searchUpward(checkout)
}

function searchUpward(start: string): Stack | null {
  for (let folder = start; ; folder = dirname(folder)) {
    const stack = readStack(join(folder, STACK_FILE))
    if (stack !== null || folder === dirname(folder)) return stack
  }
}

/**
 * A repository of a stranger may bring such a file, to have code and keys sent elsewhere: only a file of this
 * very user counts, and only when it names this very machine.
 */
function readStack(file: string): Stack | null {
  try {
    const found = statSync(file)
    if (!found.isFile() || (process.getuid !== undefined && found.uid !== process.getuid())) return null
    const { base_url, api_key }: Record<string, unknown> = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof base_url !== 'string' || !isLoopback(new URL(base_url))) return null
    return { file, baseUrl: checkBaseUrl(base_url), apiKey: typeof api_key === 'string' ? api_key : null }
  } catch {
    return null
  }
}

/** Whether a URL names this very machine, so that nothing travels. */
export function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d+){3}$/.test(url.hostname)
}
