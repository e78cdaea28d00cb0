import { sha256, toHex, utf8 } from '../../core/verify/encoding.ts'

const ETAG_DIGITS = 32

/** A strong validator of a text, with its quotes (RFC 9110 §8.8.3). */
export async function etagOf(text: string): Promise<string> {
  return `"${toHex(await sha256(utf8(text))).slice(0, ETAG_DIGITS)}"`
}

/** Whether the reader says that it has this version already. */
export function hasIt(request: Request, etag: string): boolean {
  return request.headers.get('if-none-match')?.includes(etag) ?? false
}
