import { beforeEach, expect, test, vi } from 'vitest'
import { TRUST_ROOT_KEY } from '../../../../schema/kv.ts'
import { edgeOf, type FakeEdge, NOW, TestLog } from './log/support.ts'

let edge: FakeEdge
let signed: string
let trust: typeof import('../../../../workers/edge/trust.ts')
beforeEach(async () => {
  vi.resetModules()
  trust = await import('../../../../workers/edge/trust.ts')
  edge = await edgeOf(await TestLog.create())
  signed = edge.kv.get(TRUST_ROOT_KEY)!
})

test('a trust root comes without what nobody signed', async () => {
  edge.kv.set(TRUST_ROOT_KEY, signed.replace('{', '{"more":"x",'))
  const root = (await trust.trustRoot(edge.env, NOW))!
  expect(JSON.parse(root.jws)).toEqual(JSON.parse(signed))
})

test('one with a member twice is refused, since others may read the other one: the core is asked', async () => {
  edge.kv.set(TRUST_ROOT_KEY, signed.replace('{', '{"payload":"AAAA",'))
  expect(await trust.trustRoot(edge.env, NOW)).toBeNull()
  edge.core.trustRoot = async () => signed
  expect(JSON.parse((await trust.trustRoot(edge.env, NOW))!.jws)).toEqual(JSON.parse(signed))
})
