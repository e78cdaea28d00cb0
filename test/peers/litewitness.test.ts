import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Cosigner } from '../../core/log/publish.ts'
import { addCheckpointBody } from '../../core/log/witness/add-checkpoint.ts'
import { cosign } from '../../core/log/witness/cosign.ts'
import {
  formatCheckpoint,
  formatNote,
  hashLeaf,
  openCheckpoint,
  parseNote,
  parseVerifierKey,
  signatureLine,
  type VerifierKey,
  verifyCosignature,
} from '../../core/verify/log/index.ts'
import { postCheckpoint } from '../../workers/core/adapters/witness-http.ts'
import { checkPolicy, openNote, refusal } from './support/go.ts'
import { type Litewitness, litewitness, startLitewitness } from './support/litewitness.ts'
import { type SequencedLog, startSequencedLog } from './support/sequenced-log.ts'

describe.skipIf(litewitness.missing)("torchwood's litewitness", () => {
  let folder: string
  let policyFile: string
  let witness: Litewitness
  let log: SequencedLog
  let policy: string

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'coderisk-policy-'))
    policyFile = path.join(folder, 'policy')
    witness = await startLitewitness('witness.example/one')
    const cosigner: Cosigner = (ctx, checkpoint, read) =>
      cosign(
        {
          ...ctx,
          settings: {
            ...ctx.settings,
            log: { ...ctx.settings.log, witnessPolicy: policy, witnessFailure: 'closed' },
          },
        },
        postCheckpoint,
        checkpoint,
        read,
      )
    log = await startSequencedLog(() => ({ cosign: cosigner }))
    await witness.addLog(log.vkey)
    policy = policyOf(log.vkey, witness)
    writeFileSync(policyFile, policy)
  })

  afterAll(async () => {
    await log?.stop()
    await witness?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it.each([1, 2, 255, 256, 257, 1_500])('cosigns our checkpoint of size %i', async (size) => {
    await log.growTo(size)
    const opened = (await openCheckpoint(log.checkpoint(), parseVerifierKey(log.vkey)!))!
    expect(opened.size).toBe(size)
    expect(await verifyCosignature(opened.note, key())).not.toBeNull()
    expect(await witness.logs()).toMatchObject([{ origin: opened.origin, size }])
    // The cosigned checkpoint is one for others too, with and without the witness.
    expect(await checkPolicy(policyFile, log.checkpoint())).toMatchObject({ size })
    expect(await openNote(log.vkey, log.checkpoint())).toMatchObject({
      text: opened.note.text,
      unverified: 1,
    })
  })

  it('says where it is when we have forgotten, and cosigns from there', async () => {
    await log.core.db.owner`DELETE FROM log_witnesses`
    await log.growTo(1_600)
    expect(await witness.logs()).toMatchObject([{ size: 1_600 }])
    expect(await verifyCosignature(parseNote(log.checkpoint())!, key())).not.toBeNull()
  })

  it('does not cosign another history, even one that our key has signed', async () => {
    const before = log.checkpoint()
    const { size } = (await openCheckpoint(before, parseVerifierKey(log.vkey)!))!
    const ask = async (old: number, to: number) => {
      const body = addCheckpointBody(old, [], await forge(to))
      return postCheckpoint(`${witness.url}/add-checkpoint`, body)
    }
    expect(await ask(size, size)).toMatchObject({ status: 422 })
    expect(await ask(size, size + 1)).toMatchObject({ status: 422 })
    expect(await ask(0, size + 1)).toEqual({ status: 409, body: `${size}\n` })
    expect(await witness.logs()).toMatchObject([{ size }])
  })

  it('the same checkpoint without its line does not satisfy the policy', async () => {
    const lines = log.checkpoint().split('\n')
    const alone = `${lines.filter((line) => !line.startsWith(`— ${key().name} `)).join('\n')}`
    expect(parseNote(alone)?.signatures).toHaveLength(1)
    await refusal(checkPolicy(policyFile, alone))
  })

  /** A checkpoint of a tree that we never had. */
  async function forge(size: number): Promise<string> {
    const [row] = await log.core.db.owner`SELECT origin, sealed_private_key AS sealed FROM logs`
    const text = formatCheckpoint({ origin: row!['origin'], size, root: hashLeaf(new Uint8Array([size])) })
    const signer = await log.core.keys.logSigner(log.vkey, row!['sealed'])
    return formatNote(text, [signatureLine(parseVerifierKey(log.vkey)!, await signer.sign(text))])
  }

  function key(): VerifierKey {
    return parseVerifierKey(witness.vkey)!
  }
})

function policyOf(logKey: string, witness: Litewitness): string {
  return `log ${logKey}\nwitness one ${witness.vkey} ${witness.url}\nquorum one\n`
}
