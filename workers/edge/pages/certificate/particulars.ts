import type { Certificate } from '../../../../schema/wire/certificate.ts'
import { type Fact, facts, section } from '../components/facts.ts'
import { type Child, type Html, html, safeHref } from '../html.ts'
import { type ShownMember, signedValue } from './shown.ts'

const METHODS: Record<string, string> = {
  sha256: 'SHA-256 of the code’s UTF-8 bytes',
  'sha256-manifest': 'SHA-256 of the manifest that sha256sum prints for the files',
}

/** Times, hashes, identities and the signature. */
export function particularsSection(certificate: Certificate): Html {
  return section('particulars', 'Particulars', facts(list(certificate)))
}

function list(certificate: Certificate): Fact[] {
  const { signature } = certificate
  return [
    { name: 'Issued', value: time(certificate, 'issued_at') },
    { name: 'Expires', value: time(certificate, 'expires_at') },
    { name: 'Code hash', value: codeHash(certificate) },
    {
      name: 'Evidence',
      value:
        certificate.evidence_sha256 &&
        html`<code>${certificate.evidence_sha256}</code> <span class="hint">SHA-256 of what was sent with it</span>`,
    },
    { name: 'Commit', value: certificate.commit_sha && code(certificate, 'commit_sha') },
    { name: 'Repository', value: certificate.repository && repository(certificate) },
    { name: 'Organisation', value: code(certificate, 'company_id') },
    { name: 'Signed by key', value: html`<code>${signature.public_key_id}</code>` },
    { name: `Signature (${signature.algorithm})`, value: signatureValue(signature.value) },
  ]
}

function code(certificate: Certificate, member: ShownMember): Html {
  return html`<code>${signedValue(certificate, member)}</code>`
}

const BEGINNING_CHARACTERS = 24

/** 684 characters that nobody reads: the beginning in view, the whole in a fold. */
function signatureValue(value: string): Html {
  return html`<details class="fold fold--inline"><summary><code>${value.slice(0, BEGINNING_CHARACTERS)}…</code></summary><code class="long">${value}</code></details>`
}

function codeHash(certificate: Certificate): Html {
  const method = METHODS[certificate.code_hash_method] ?? certificate.code_hash_method
  return html`${code(certificate, 'code_hash')}<span class="hint">${method}</span>`
}

function time(certificate: Certificate, member: 'issued_at' | 'expires_at'): Html {
  return html`<time datetime="${certificate[member]}">${signedValue(certificate, member)}</time>`
}

/** A link only where it leads to a web page; the text is what was signed either way. */
function repository(certificate: Certificate): Child {
  const href = safeHref(certificate.repository ?? '')
  const text = signedValue(certificate, 'repository')
  return href === null
    ? html`<code>${text}</code>`
    : html`<a href="${href}" rel="nofollow ugc noopener noreferrer">${text}</a>`
}
