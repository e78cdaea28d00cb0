import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { peer } from './peers.ts'
import { type Ran, run } from './run.ts'

export const openssl = peer('openssl')

/**
 * `openssl dgst -sha256 -verify`.
 *
 * @param pem public key
 * @returns what it printed and its exit code
 */
export async function verifyWithOpenssl(
  pem: string,
  signature: Uint8Array,
  signed: Uint8Array,
): Promise<Ran> {
  const folder = mkdtempSync(path.join(tmpdir(), 'coderisk-openssl-'))
  try {
    const file = (name: string, content: string | Uint8Array) => {
      writeFileSync(path.join(folder, name), content)
      return path.join(folder, name)
    }
    const verify = ['-verify', file('key.pem', pem), '-signature', file('signature.bin', signature)]
    return await run(openssl.path, ['dgst', '-sha256', ...verify, file('signed.json', signed)])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const VERIFIED: Pick<Ran, 'code' | 'stdout'> = { code: 0, stdout: 'Verified OK\n' }
export const REFUSED = { code: 1, stdout: 'Verification failure\n' }
