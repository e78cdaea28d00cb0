import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { certificateForm, publishForm } from '../../../../../core/certificates/forms/make.ts'
import { revokeCertificate } from '../../../../../core/certificates/revoke.ts'
import type { Context, Database } from '../../../../../core/context.ts'
import { UNCLAIMED } from '../../../../../core/idempotency/claim.ts'
import { rotateSigningKeys } from '../../../../../core/keys/rotate.ts'
import type { KeyVault } from '../../../../../core/keys/vault.ts'
import { sequence } from '../../../../../core/log/sequence.ts'
import { certificateFormObject } from '../../../../../schema/kv.ts'
import type { CertificateForm } from '../../../../../schema/wire/vocabulary.ts'
import { MemoryObjectStore } from '../../../../support/object-store.ts'
import { refusalCode, START_LIMIT_MS } from '../../support.ts'
import { type FormsCore, startFormsCore } from './forms-support.ts'

const FORMS: readonly CertificateForm[] = ['jws', 'sigstore']
const UNKNOWN = 'CERT-2026-0000000000000000'
const LATER = new Date(Date.now() + 3_600_000)

let forms: FormsCore
let signatures: number
beforeAll(async () => {
  forms = await startFormsCore()
}, START_LIMIT_MS)
afterAll(() => forms?.core.db.stop())
beforeEach(() => {
  signatures = 0
})

/** A vault that counts what it signs; `before` runs ahead of each signature. */
function counting(keys: KeyVault, before: () => Promise<unknown> = async () => {}): KeyVault {
  return {
    ...keys,
    signer: async (kid, sealed) => {
      const signer = await keys.signer(kid, sealed)
      const sign: typeof signer.sign = async (bytes) => {
        signatures++
        await before()
        return signer.sign(bytes)
      }
      return { kid: signer.kid, sign }
    },
  }
}

const contextOf = (before?: () => Promise<unknown>, now = new Date()): Context => ({
  ...forms.core.ctx(now),
  keys: counting(forms.core.keys, before),
})
const make = (id: string, form: CertificateForm, ctx = contextOf()) => certificateForm(ctx, id, form)
const issue = async () => (await forms.core.issue(forms.owner)).certificate_id
const revoke = (id: string) =>
  revokeCertificate(forms.core.ctx(), forms.owner, id, { reason: 'superseded' }, UNCLAIMED)
const kept = async (id: string) =>
  (
    await forms.core.db.owner`SELECT count(*)::int AS n FROM certificate_forms WHERE certificate_id = ${id}`
  )[0]!.n

describe.each(FORMS)('a certificate as %s', (form) => {
  test('is made once, and is the same bytes ever after', async () => {
    const id = await issue()
    const first = await make(id, form)
    const later = await make(id, form, contextOf(undefined, LATER))
    expect(later).toBe(first)
    expect([signatures, await kept(id)]).toEqual([1, 1])
  })

  test('is the same bytes for all who ask at once', async () => {
    const id = await issue()
    const askers = 8
    const all = Promise.withResolvers<void>()
    const meet = () => {
      if (signatures === askers) all.resolve()
      return all.promise
    }
    const ask = (_: unknown, index: number) =>
      make(id, form, contextOf(meet, new Date(Date.now() + index * 60_000)))
    const texts = await Promise.all(Array.from({ length: askers }, ask))
    expect([new Set(texts).size, await kept(id), signatures]).toEqual([1, 1, askers])
  })

  test('of one who was overtaken is what the other has made', async () => {
    const id = await issue()
    let other: string | undefined
    const overtaken = contextOf(async () => {
      other ??= await certificateForm(forms.core.ctx(LATER), id, form)
    })
    expect(await make(id, form, overtaken)).toBe(other)
    expect(other).toBeDefined()
  })

  test('is made of an expired one too', async () => {
    const past = new Date(Date.now() - 5 * 86_400_000)
    const { certificate_id: id } = await forms.core.issue(forms.owner, { ttl_days: 1 }, past)
    expect(await make(id, form)).toContain('"')
  })

  test('is not made of a revoked one, not even again', async () => {
    const [early, late] = [await issue(), await issue()]
    await make(early, form)
    await revoke(early)
    await revoke(late)
    signatures = 0
    expect(await refusalCode(make(early, form))).toBe('certificate_revoked')
    expect(await refusalCode(make(late, form))).toBe('certificate_revoked')
    expect([signatures, await kept(late)]).toEqual([0, 0])
  })

  test('is not kept of one that is revoked while it is made', async () => {
    const id = await issue()
    let once = true
    const ctx = contextOf(async () => {
      if (once) await revoke(id)
      once = false
    })
    expect(await refusalCode(make(id, form, ctx))).toBe('certificate_revoked')
    expect(await kept(id)).toBe(0)
  })

  test('is not made of a test certificate, and there is none of an unknown one', async () => {
    const tester = await forms.core.withKey(forms.owner, ['certificates:write'], false)
    const { certificate_id: id } = await forms.core.issue(tester)
    expect(await refusalCode(make(id, form))).toBe('certificate_not_found')
    expect(await refusalCode(make(UNKNOWN, form))).toBe('certificate_not_found')
    expect(signatures).toBe(0)
  })

  test('is put where the edge reads it', async () => {
    const id = await issue()
    const objects = new MemoryObjectStore()
    const text = await make(id, form)
    await publishForm(objects, id, form, text)
    const object = objects.objects.get(certificateFormObject(id, form))!
    expect([new TextDecoder().decode(object.bytes), object.contentType]).toEqual([text, 'application/json'])
  })
})

describe('a key that is no longer active', () => {
  const setState = (state: string) => forms.core.db.owner`
    UPDATE signing_keys SET state = ${state} WHERE livemode AND state IN ('active', 'retired')`

  test('when its form is to be kept: the form is not, and none is made without another key', async () => {
    const id = await issue()
    try {
      const ctx = contextOf(() => setState('retired'))
      expect(await refusalCode(make(id, 'jws', ctx))).toBe('signing_unavailable')
      expect([signatures, await kept(id)]).toEqual([1, 0])
    } finally {
      await setState('active')
    }
    expect(await make(id, 'jws')).toContain('payload')
  })

  test('does not go out of use between the look at it and the form’s record', async () => {
    const id = await issue()
    const order: string[] = []
    const { database } = forms.core.db
    let transactions = 0
    const watched: Database = {
      ...database,
      asSystem: (work) =>
        database.asSystem(async (tx) => {
          const result = await work(tx)
          // The third transaction is the one that keeps the form; it is held open here.
          if (++transactions === 3) {
            const compromise = forms.core.db.owner`
              UPDATE signing_keys SET state = state WHERE livemode AND state = 'active'`.then(() =>
              order.push('key'),
            )
            await new Promise((resolve) => setTimeout(resolve, 100))
            order.push('form')
            void compromise
          }
          return result
        }),
    }
    await certificateForm({ ...forms.core.ctx(), database: watched }, id, 'jws')
    await expect.poll(() => order).toEqual(['form', 'key'])
  })

  test.each(FORMS)('has its %s made anew once it is compromised, and that one is kept', async (form) => {
    const id = await issue()
    const first = await make(id, form)
    const { owner } = forms.core.db
    const [retired] = await owner`
      UPDATE signing_keys SET state = 'retired' WHERE livemode AND state = 'active' RETURNING kid`
    await rotateSigningKeys(forms.core.ctx())
    expect(await make(id, form)).toBe(first)
    await owner`UPDATE signing_keys SET state = 'compromised' WHERE kid = ${retired!.kid}`
    expect(await refusalCode(make(id, form))).toBe('certificate_invalid')
    // The log had it before, so that its own signature still holds.
    await sequence(forms.core.ctx(), new MemoryObjectStore())
    const [entry] = await owner`
      SELECT leaf_index FROM log_entries JOIN certificates USING (leaf_hash) WHERE certificates.id = ${id}`
    const logged = Number(entry!.leaf_index)
    await owner`UPDATE signing_keys SET compromised_log_index = ${logged} WHERE kid = ${retired!.kid}`
    expect(await refusalCode(make(id, form))).toBe('certificate_invalid')
    await owner`UPDATE signing_keys SET compromised_log_index = ${logged + 1} WHERE kid = ${retired!.kid}`
    const [second, other] = await Promise.all([make(id, form), make(id, form)])
    expect(second).not.toBe(first)
    expect(other).toBe(second)
    expect(await make(id, form)).toBe(second)
    expect(await kept(id)).toBe(1)
  })
})
