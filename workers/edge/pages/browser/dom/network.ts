import { type LiveAnswer, readLiveAnswer } from '../../proof/conclude.ts'

/** @returns the text of the certificate as served; null when it could not be had */
export function fetchCertificate(id: string): Promise<string | null> {
  return fetchText(`/v1/trust/certs/${encodeURIComponent(id)}`)
}

/** @returns the parsed JWKS; null when it could not be had */
export async function fetchKeySet(): Promise<unknown> {
  return parse(await fetchText('/.well-known/jwks.json'))
}

/** @returns the network root key, parsed; null when it could not be had */
export async function fetchRootKey(): Promise<unknown> {
  return parse(await fetchText('/.well-known/coderisk/root-key.json'))
}

export async function fetchLiveAnswer(id: string): Promise<LiveAnswer | null> {
  return readLiveAnswer(parse(await fetchText(`/v1/trust/certs/${encodeURIComponent(id)}/verify`)))
}

export async function fetchText(path: string): Promise<string | null> {
  const response = await request(path)
  return response?.text().catch(() => null) ?? null
}

export async function fetchBytes(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const response = await request(path)
  const buffer = await response?.arrayBuffer().catch(() => null)
  return buffer ? new Uint8Array(buffer) : null
}

export function parse(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}

async function request(path: string): Promise<Response | null> {
  try {
    const response = await fetch(path, { cache: 'no-store', credentials: 'omit' })
    return response.ok ? response : null
  } catch {
    return null
  }
}
