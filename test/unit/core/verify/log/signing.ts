import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { cosignatureLine, cosignedMessage } from '../../../../../core/verify/log/cosignature.ts'
import {
  formatNote,
  formatVerifierKey,
  parseVerifierKey,
  signatureLine,
  type VerifierKey,
} from '../../../../../core/verify/log/note.ts'

/** RFC 8410 §7: what precedes the 32 bytes of an Ed25519 private key. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

export interface Signer {
  readonly key: VerifierKey
  readonly sign: (message: string | Uint8Array) => Uint8Array
}

/** A key that is the same in every run. */
export function signer(name: string, seed: number, type: 0x01 | 0x04 = 0x01): Signer {
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8, Buffer.alloc(32, seed)]),
    format: 'der',
    type: 'pkcs8',
  })
  const key = parseVerifierKey(formatVerifierKey(name, publicBytes(privateKey), type))
  if (key === null) throw new Error('no verifier key')
  return { key, sign: (message) => new Uint8Array(sign(null, Buffer.from(message), privateKey)) }
}

export function signNote(text: string, ...signers: readonly Signer[]): string {
  return formatNote(
    text,
    signers.map(({ key, sign }) => signatureLine(key, sign(text))),
  )
}

export function cosign(text: string, time: number, witness: Signer): string {
  return cosignatureLine(witness.key, time, witness.sign(cosignedMessage(time, text)))
}

function publicBytes(privateKey: KeyObject): Uint8Array {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' })
  return new Uint8Array(Buffer.from(x!, 'base64url'))
}
