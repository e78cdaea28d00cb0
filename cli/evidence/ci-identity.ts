import { isLoopback } from '../configuration.ts'
import { MAX_CI_TOKEN_CHARACTERS } from '../limits.ts'

/** A token, or why there is none, in words. The token is a secret until it expires: it is printed nowhere. */
export type CiToken =
  | { readonly ok: true; readonly token: string }
  | { readonly ok: false; readonly problem: string }

type Environment = Readonly<Record<string, string | undefined>>

const TIMEOUT_MS = 10_000
const MAX_ATTEMPTS = 2
const MAX_ANSWER_BYTES = 64 * 1024

/** What GitHub Actions gives a job that may ask for an identity. */
export function hasCiIdentity(env: Environment): boolean {
  return Boolean(env.ACTIONS_ID_TOKEN_REQUEST_URL && env.ACTIONS_ID_TOKEN_REQUEST_TOKEN)
}

/**
 * Asks GitHub Actions for an OpenID Connect token of this job
 * (docs.github.com, "OpenID Connect reference").
 *
 * @param audience what the token is for; it is good for nothing else
 */
export async function requestCiToken(env: Environment, audience: string): Promise<CiToken> {
  const url = tokenUrl(env.ACTIONS_ID_TOKEN_REQUEST_URL ?? '', audience)
  if (url === null) return { ok: false, problem: 'ACTIONS_ID_TOKEN_REQUEST_URL is not an https URL' }
  for (let attempt = 1; ; attempt++) {
    const outcome = await ask(url, env.ACTIONS_ID_TOKEN_REQUEST_TOKEN ?? '')
    if (outcome.ok || !outcome.again || attempt === MAX_ATTEMPTS) return outcome
  }
}

function tokenUrl(text: string, audience: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null) return null
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url))) return null
  url.searchParams.set('audience', audience)
  return url
}

type Outcome = { ok: true; token: string } | { ok: false; problem: string; again: boolean }

async function ask(url: URL, bearer: string): Promise<Outcome> {
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/json', authorization: `Bearer ${bearer}` },
      // A redirect would carry the bearer to a host that nobody named.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const answer = await readAnswer(response)
    if (response.ok) return readToken(answer)
    return failed(`${url.host} answered ${response.status}`, response.status >= 500)
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } }
    const why = name === 'TimeoutError' ? `no answer in ${TIMEOUT_MS / 1000} s` : (cause?.code ?? name)
    return failed(`${url.host} cannot be reached (${why})`, true)
  }
}

async function readAnswer(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let total = 0
  for await (const chunk of response.body ?? []) {
    total += chunk.length
    if (total > MAX_ANSWER_BYTES) return ''
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** @param answer `{ "value": "…" }`, a JSON Web Token in its compact form */
function readToken(answer: string): Outcome {
  try {
    const { value } = JSON.parse(answer)
    const isToken = typeof value === 'string' && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(value)
    if (isToken && value.length <= MAX_CI_TOKEN_CHARACTERS) return { ok: true, token: value }
  } catch {
    // Said below.
  }
  return failed('the answer holds no token', false)
}

function failed(problem: string, again: boolean): Outcome {
  return { ok: false, problem, again }
}
