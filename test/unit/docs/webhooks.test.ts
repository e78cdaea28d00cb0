import { expect, test } from 'vitest'
import { signWebhook } from '../../../core/notifications/signature.ts'
import { claimSchema } from '../../../schema/wire/claims.ts'
import { incidentSchema } from '../../../schema/wire/incidents.ts'
import { policySchema } from '../../../schema/wire/insurance.ts'
import { WEBHOOK_EVENT_TYPES } from '../../../schema/wire/money.ts'
import { WEBHOOK_ATTEMPT_ERRORS } from '../../../schema/wire/webhooks.ts'
import { read, section } from './markdown.ts'

const text = read('docs/webhooks.md')
const examples = [...section(text, '## Events').matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(
  ([, json]) => JSON.parse(json!) as { type: string; timestamp: string; data: object },
)

const SHAPES = {
  'policy.activated': policySchema,
  'incident.resolved': incidentSchema,
  'claim.paid': claimSchema,
} as const

test.each(Object.entries(SHAPES))(
  'the example of %s has exactly the members that the API shows',
  (type, shape) => {
    const example = examples.find((one) => one.type === type)!
    expect(shape.strict().parse(example.data)).toEqual(example.data)
    expect(new Date(example.timestamp).toISOString()).toBe(example.timestamp)
  },
)

test('every example is of an event that there is', () => {
  expect(examples.map(({ type }) => type).sort()).toEqual([...Object.keys(SHAPES), 'webhook.test'].sort())
})

test.each(WEBHOOK_EVENT_TYPES)('%s has a row', (type) => {
  const rows = section(text, '## Events')
    .split('\n')
    .filter((line) => line.startsWith('|'))
  expect(rows.filter((row) => row.split('|')[1]!.includes(`\`${type}\``))).toHaveLength(1)
})

test.each(WEBHOOK_ATTEMPT_ERRORS)('%s has a row', (error) => {
  expect(section(text, '## Retries')).toContain(`\n| \`${error}\` |`)
})

test('the code that verifies does', async () => {
  const source = /^```js\n([\s\S]*?)^```$/m.exec(section(text, '## Verify'))![1]!
  const { verify } = (await import(
    /* @vite-ignore */ `data:text/javascript;base64,${Buffer.from(source).toString('base64')}`
  )) as { verify(headers: Record<string, string>, body: string, secret: string, now?: number): boolean }
  const [old, current] = [1, 2].map((byte) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`)
  const message = { id: 'msg_1', timestamp: 1_795_229_303, body: '{"type":"claim.paid"}' }
  const headers = {
    'webhook-id': message.id,
    'webhook-timestamp': String(message.timestamp),
    'webhook-signature': await signWebhook([current!, old!], message),
  }
  const now = message.timestamp * 1_000
  expect([old, current].map((secret) => verify(headers, message.body, secret!, now))).toEqual([true, true])
  const strange = `whsec_${Buffer.alloc(32, 3).toString('base64')}`
  expect(verify(headers, message.body, strange, now)).toBe(false)
  expect(verify(headers, `${message.body} `, current!, now)).toBe(false)
  expect(verify({ ...headers, 'webhook-id': 'msg_2' }, message.body, current!, now)).toBe(false)
  expect(verify({}, message.body, current!, now)).toBe(false)
  expect(verify({ ...headers, 'webhook-timestamp': 'soon' }, message.body, current!, now)).toBe(false)
  for (const seconds of [-301, 301]) {
    expect(verify(headers, message.body, current!, now + seconds * 1_000)).toBe(false)
  }
})
