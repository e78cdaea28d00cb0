import type { SignedCertificate } from '../../../../schema/wire/certificate.ts'
import { formatPercent, formatScore, formatTime } from '../format.ts'
import { type Html, html, visible } from '../html.ts'

/**
 * Signed members as the page shows them. The browser runs the same table over the certificate that it has
 * verified, and compares: what a reader sees is then what was signed.
 */
const SHOWN = {
  certificate_id: (certificate) => certificate.certificate_id,
  ai_tool: (certificate) => certificate.ai_tool,
  risk_score: (certificate) => formatScore(certificate.risk_score),
  risk_level: (certificate) => certificate.risk_level,
  confidence: (certificate) => formatPercent(certificate.confidence),
  issued_at: (certificate) => formatTime(certificate.issued_at),
  expires_at: (certificate) => formatTime(certificate.expires_at),
  code_hash: (certificate) => certificate.code_hash,
  commit_sha: (certificate) => certificate.commit_sha ?? '',
  repository: (certificate) => certificate.repository ?? '',
  company_id: (certificate) => certificate.company_id,
} satisfies Record<string, (certificate: SignedCertificate) => string>

export type ShownMember = keyof typeof SHOWN

export function isShownMember(name: string): name is ShownMember {
  return Object.hasOwn(SHOWN, name)
}

export function shownText(certificate: SignedCertificate, member: ShownMember): string {
  return visible(SHOWN[member](certificate))
}

/** The member's text, marked so that the browser can find it. */
export function signedValue(certificate: SignedCertificate, member: ShownMember): Html {
  return html`<bdi data-signed="${member}">${shownText(certificate, member)}</bdi>`
}
