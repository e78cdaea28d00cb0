import { BYTES_PER_FINGERPRINT } from './document.ts'

/** Hashes of 32 bits as they are stored: little-endian, one after the other. */
export function pack(hashes: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(hashes.length * BYTES_PER_FINGERPRINT)
  const view = new DataView(bytes.buffer)
  hashes.forEach((hash, index) => void view.setUint32(index * BYTES_PER_FINGERPRINT, hash, true))
  return bytes
}

export function unpack(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.length / BYTES_PER_FINGERPRINT }, (_, index) =>
    view.getUint32(index * BYTES_PER_FINGERPRINT, true),
  )
}
