import type { Certificate } from '../../../../schema/wire/certificate.ts'
import type { Verification } from '../../../../schema/wire/verification.ts'
import { type Fact, facts, section } from '../components/facts.ts'
import { type Html, html, pathSegment } from '../html.ts'

export interface LogSectionInput {
  readonly certificate: Certificate
  readonly verification: Verification
  /** Entries in the newest checkpoint; null when that is not known. */
  readonly treeSize: number | null
}

/** Where the log has the certificate's issue, and the forms that can be taken away and verified elsewhere. */
export function logSection(input: LogSectionInput): Html | null {
  const { log, blockchain_hash: anchor } = input.certificate
  if (log === undefined && anchor === undefined) return null
  const list: Fact[] = [
    { name: 'Place', value: log && place(input, log) },
    { name: 'Leaf hash', value: log && html`<code>${log.leaf_hash}</code>` },
    {
      name: 'Blockchain',
      value:
        anchor &&
        html`<code>${anchor}</code><span class="hint">Transaction that anchors a checkpoint of the log which covers this entry</span>`,
    },
  ]
  return section('log', 'Transparency log', html`${facts(list)}${log && forms(input, log)}`)
}

type Log = NonNullable<Certificate['log']>

function place({ certificate, treeSize }: LogSectionInput, log: Log): Html {
  const id = pathSegment(certificate.certificate_id)
  if (log.state !== 'included') {
    return html`Pending<span class="hint">Its place is in the log within seconds. <a href="/log?find=${id}">Look for it</a></span>`
  }
  const size = treeSize === null ? '' : ` of ${treeSize.toLocaleString('en-GB')}`
  return html`<a href="/log?index=${log.index}&amp;certificate=${id}">Entry ${log.index.toLocaleString('en-GB')}</a>${size}<span class="hint">The log can only grow, so nobody can take it out again.</span>`
}

/** Who takes a form away may never ask for the status, so only a certificate that is known not to be revoked has them. */
function forms({ certificate, verification }: LogSectionInput, log: Log): Html | null {
  const { checks, status } = verification
  if (status === 'revoked') {
    return html`<p class="hint">A revoked certificate has no proof, bundle or other form to take away.</p>`
  }
  const sound = [checks.signature, checks.key_validity, checks.status].every(
    ({ result }) => result === 'passed',
  )
  if (!sound) return null
  const id = pathSegment(certificate.certificate_id)
  const base = `/v1/trust/certs/${id}`
  const included = log.state === 'included'
  return html`<h3>Take it with you</h3>
<ul class="forms">
${included && form(`${base}/bundle`, `${id}.bundle.json`, 'Offline bundle')}
${included && form(`${base}.tlog-proof`, `${id}.tlog-proof`, 'Log proof')}
${form(`${base}.jws`, `${id}.jws`, 'JWS')}
${form(`${base}.sigstore.json`, `${id}.sigstore.json`, 'Sigstore bundle')}
</ul>
${included && html`<p class="hint">The bundle has all that verifying takes: <a href="/verify">check it in a browser</a> or with <code>coderisk verify</code>, without any network.</p>`}`
}

function form(href: string, file: string, words: string): Html {
  return html`<li><a class="button button--quiet" href="${href}" download="${file}">${words}</a></li>`
}
