import type { Outside } from '../../../core/back-office/outside.ts'
import type { CoreEnv } from '../env.ts'
import { openRail } from './payment-rail.ts'
import { createProviderApis } from './provider-apis.ts'
import { createWebhookSender } from './webhook-sender.ts'

/** What the back office speaks to, as the Worker's variables say. */
export function createOutside(env: CoreEnv): Outside {
  return { rail: openRail(env), providers: createProviderApis(env), sender: createWebhookSender(env) }
}
