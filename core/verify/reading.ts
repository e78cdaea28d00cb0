import { decodeUtf8, fromBase64Url } from './encoding.ts'

/** A part of a JWS (RFC 7515). @returns null when it is not base64url of valid UTF-8 */
export function decodeText(base64url: string): string | null {
  const bytes = fromBase64Url(base64url)
  return bytes && decodeUtf8(bytes)
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A point in time, as text. */
export function isTime(value: unknown): value is string {
  return typeof value === 'string' && Number.isFinite(Date.parse(value))
}

/** A NumericDate (RFC 7519 §2) in whole seconds, which milliseconds can count. */
export function isSeconds(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number.isSafeInteger(Number(value) * 1000) && Number(value) > 0
}
