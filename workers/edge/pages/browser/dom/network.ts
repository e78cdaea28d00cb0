import { type LiveAnswer, readLiveAnswer } from '../../proof/conclude.ts'

/** @returns the text of the certificate as served; null when it could not be had */
export function fetchCertificate(id: string): Promise<string | null> {
  return fetchText(`/v1/trust/certs/${encodeURIComponent(id)}`)
}

/** @returns the parsed JWKS; null when it could not be had */
export async function fetchKeySet(): Promise<unknown> {
  return parse(await fetchText('/.well-known/jwks.json'))
}

export async function fetchLiveAnswer(id: string): Promise<LiveAnswer | null> {
  return readLiveAnswer(parse(await fetchText(`/v1/trust/certs/${encodeURIComponent(id)}/verify`)))
}

async function fetchText(path: string): Promise<string | null> {
  try {
    const response = await fetch(path, { cache: 'no-store', credentials: 'omit' })
    return response.ok ? await response.text() : null
  } catch {
    return null
  }
}

function parse(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}
