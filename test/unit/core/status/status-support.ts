import { inflateSync } from 'node:zlib'
import { decodeJwt } from 'jose'
import { revokeCertificate } from '../../../../core/certificates/revoke.ts'
import type { Actor } from '../../../../core/context.ts'
import { UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import type { Certificate } from '../../../../schema/wire/certificate.ts'
import type { MemoryObjectStore } from '../../../support/object-store.ts'
import type { TestCore } from '../support.ts'

interface Claims {
  readonly sub: string
  readonly iat: number
  readonly exp: number
  readonly ttl: number
  readonly status_list: { readonly bits: number; readonly lst: string }
}

/** What a token says, read without any code of ours. */
export function readToken(text: string): Claims & { readonly bytes: Buffer } {
  const claims = decodeJwt(text) as unknown as Claims
  return { ...claims, bytes: inflateSync(Buffer.from(claims.status_list.lst, 'base64url')) }
}

/** Least significant bit first: Token Status List, section 4.1. */
export function bitOf(text: string, { status_list: { idx } }: Certificate): number {
  return (readToken(text).bytes[Math.floor(idx / 8)]! >> (idx % 8)) & 1
}

export function countBits(text: string): number {
  let count = 0
  for (const byte of readToken(text).bytes) for (let rest = byte; rest > 0; rest >>= 1) count += rest & 1
  return count
}

/** Null when there is no such object. */
export function textOf(objects: MemoryObjectStore, key: string): string | null {
  const bytes = objects.bytes(key)
  return bytes && new TextDecoder().decode(bytes)
}

export async function revoke(core: TestCore, owner: Actor, { certificate_id }: Certificate): Promise<void> {
  await revokeCertificate(core.ctx(), owner, certificate_id, { reason: 'superseded' }, UNCLAIMED)
}
