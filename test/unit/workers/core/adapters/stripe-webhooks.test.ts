import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createStripeWebhooks } from '../../../../../workers/core/adapters/stripe-webhooks.ts'
import { refusalCode } from '../../../core/requests.ts'

const SECRET = 'whsec_of_this_test'
const NOW = new Date('2026-11-21T12:00:00.900Z')
const SECONDS = Math.floor(NOW.getTime() / 1000)
const BODY = '{"id":"evt_one","type":"invoice.paid","data":{"object":{}}}'

const webhooks = createStripeWebhooks(SECRET)

function sign(body: string | Uint8Array, at: number | string, secret = SECRET): string {
  return createHmac('sha256', secret).update(`${at}.`).update(body).digest('hex')
}

function verify(header: string | undefined, body: string | Uint8Array = BODY) {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  return webhooks.verify(NOW, bytes, header)
}

describe('a webhook of Stripe', () => {
  it('that is signed, is believed', async () => {
    const event = { id: 'evt_one', type: 'invoice.paid' }
    expect(await verify(`t=${SECONDS},v1=${sign(BODY, SECONDS)}`)).toEqual(event)
    // While the secret is rolled there are two.
    expect(await verify(`t=${SECONDS},v1=${'0'.repeat(64)},v1=${sign(BODY, SECONDS)}`)).toEqual(event)
    const unicode = '{"id":"evt_ü","type":"invoice.paid"}'
    expect(await verify(`t=${SECONDS},v1=${sign(unicode, SECONDS)}`, unicode)).toMatchObject({ id: 'evt_ü' })
  })

  it.each([
    ['another secret', `t=${SECONDS},v1=${sign(BODY, SECONDS, 'whsec_other')}`],
    ['another body', `t=${SECONDS},v1=${sign(`${BODY} `, SECONDS)}`],
    ['another time', `t=${SECONDS + 1},v1=${sign(BODY, SECONDS)}`],
    ['another scheme', `t=${SECONDS},v0=${sign(BODY, SECONDS)}`],
    ['no signature', `t=${SECONDS}`],
    ['no time', `v1=${sign(BODY, SECONDS)}`],
    ['nothing', ''],
    ['no header', undefined],
    ['nonsense', 'stripe'],
  ])('with %s is refused', async (_, header) => {
    expect(await refusalCode(verify(header))).toBe('webhook_signature_invalid')
  })

  it('that is no UTF-8 is refused', async () => {
    const body = new Uint8Array([0x22, 0xff, 0x22])
    expect(await refusalCode(verify(`t=${SECONDS},v1=${sign(body, SECONDS)}`, body))).toBe(
      'webhook_signature_invalid',
    )
  })

  it.each([-300, -1, 0, 300])('of %i seconds ago or ahead is taken', async (offset) => {
    const at = SECONDS + offset
    expect(await refusalCode(verify(`t=${at},v1=${sign(BODY, at)}`))).toBeNull()
  })

  it.each([-301, 301, -86_400, 86_400 * 365])('of %i seconds ago or ahead is refused', async (offset) => {
    const at = SECONDS + offset
    expect(await refusalCode(verify(`t=${at},v1=${sign(BODY, at)}`))).toBe('webhook_time_invalid')
  })

  it('that names two times is refused', async () => {
    const header = `t=${SECONDS - 9_999},t=${SECONDS},v1=${sign(BODY, SECONDS)}`
    expect(await refusalCode(verify(header))).toBe('webhook_signature_invalid')
    expect(
      await refusalCode(verify(`t=${SECONDS},t=${SECONDS - 9_999},v1=${sign(BODY, SECONDS - 9_999)}`)),
    ).toBe('webhook_signature_invalid')
  })

  it.each(['null', '5', '{}', '{"id":5,"type":"x"}', `{"id":"${'x'.repeat(256)}","type":"x"}`])(
    'that is signed and no event is refused: %s',
    async (body) => {
      expect(await refusalCode(verify(`t=${SECONDS},v1=${sign(body, SECONDS)}`, body))).toBe('invalid_input')
    },
  )
})
