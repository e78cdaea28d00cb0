import { WorkerEntrypoint } from 'cloudflare:workers'
import type { ReadCatalogue } from '../../core/arc/list.ts'
import type { PublicCertificate } from '../../core/certificates/look-up.ts'
import type { Anchor } from '../../core/log/anchor/list.ts'
import type { CertificateForm } from '../../schema/wire/vocabulary.ts'
import type { CoreEnv } from './env.ts'
import type { FormAnswer } from './host.ts'
import { hostFor } from './hosts.ts'
import type { StatusShardReading } from './status-shard.ts'

export { BackOffice } from './back-office.ts'
export { CoreHost } from './host.ts'
export { LogSequencer } from './log-sequencer.ts'
export { StatusShard } from './status-shard.ts'

/** The core's HTTP API, for requests that the edge forwards. One caller's requests meet in one host. */
export default {
  fetch(request, env) {
    return hostFor(env, request.headers.get('authorization') ?? '').fetch(request)
  },
  scheduled(controller, env, ctx) {
    ctx.waitUntil(hostFor(env, 'cron').runCron(controller.cron))
  },
} satisfies ExportedHandler<CoreEnv>

/** What the edge reads without a key: an entry point of its own, so that no URL leads to it. */
export class EdgeReads extends WorkerEntrypoint<CoreEnv> {
  lookUp(certificateId: string): Promise<PublicCertificate | null> {
    return hostFor(this.env, certificateId).lookUp(certificateId)
  }

  /** A certificate in another signed form, JSON text; it is put to R2 as well. */
  form(certificateId: string, form: CertificateForm): Promise<FormAnswer> {
    return hostFor(this.env, certificateId).form(certificateId, form)
  }

  revocation(certificateId: string): Promise<PublicCertificate['revocation']> {
    return hostFor(this.env, certificateId).revocation(certificateId)
  }

  /** Live revocation bits of a status list; null when they have never been known. */
  readStatus(list: number, have: number): Promise<StatusShardReading | null> {
    const shards = this.env.STATUS_SHARD
    return shards.get(shards.idFromName(`certificates/${list}`)).read(list, have)
  }

  arcCatalogue(): Promise<ReadCatalogue> {
    return hostFor(this.env, 'catalogue').arcCatalogue()
  }

  /** Where the log has the entry with this leaf hash (hex); null when no published checkpoint covers one. */
  logIndex(leafHash: string): Promise<number | null> {
    return hostFor(this.env, leafHash).logIndex(leafHash)
  }

  /** Checkpoints that are in a block of a chain, oldest first. */
  anchors(): Promise<Anchor[]> {
    return hostFor(this.env, 'anchors').anchors()
  }

  trustRoot(): Promise<string | null> {
    return hostFor(this.env, 'trust-root').trustRoot()
  }

  databaseAnswers(): Promise<boolean> {
    return hostFor(this.env, 'readiness').databaseAnswers()
  }
}
