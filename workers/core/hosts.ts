import type { BackOffice } from './back-office.ts'
import type { CoreEnv } from './env.ts'
import type { CoreHost } from './host.ts'
import type { LogSequencer } from './log-sequencer.ts'

/** FNV-1a, 32 bits: spreads callers over hosts; nothing depends on where one lands. */
function spread(text: string, buckets: number): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0) % buckets
}

/** The host for whatever `affinity` names; the same text always finds the same host. */
export function hostFor(env: CoreEnv, affinity: string): DurableObjectStub<CoreHost> {
  return hostByNumber(env, spread(affinity, hostCount(env)))
}

export function allHosts(env: CoreEnv): DurableObjectStub<CoreHost>[] {
  return Array.from({ length: hostCount(env) }, (_, number) => hostByNumber(env, number))
}

/** The one that drives the log. */
export function logSequencer(env: CoreEnv): DurableObjectStub<LogSequencer> {
  return env.LOG_SEQUENCER.get(env.LOG_SEQUENCER.idFromName('network'))
}

/** The one that does the queued work of a lane. */
export function backOffice(env: CoreEnv, lane: string): DurableObjectStub<BackOffice> {
  return env.BACK_OFFICE.get(env.BACK_OFFICE.idFromName(lane))
}

function hostByNumber(env: CoreEnv, number: number): DurableObjectStub<CoreHost> {
  return env.CORE_HOST.get(env.CORE_HOST.idFromName(`host-${number}`))
}

function hostCount(env: CoreEnv): number {
  const count = Number(env.CORE_HOSTS)
  return Number.isSafeInteger(count) && count > 0 ? count : 1
}
