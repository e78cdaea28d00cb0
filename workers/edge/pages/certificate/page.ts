import type { Certificate } from '../../../../schema/wire/certificate.ts'
import type { Verification } from '../../../../schema/wire/verification.ts'
import { icon } from '../components/icons.ts'
import { seal } from '../components/seal.ts'
import { formatScore } from '../format.ts'
import { pageHeaders } from '../headers.ts'
import { type Html, html, pathSegment } from '../html.ts'
import { layout } from '../layout.ts'
import type { Page, Site } from '../page.ts'
import { changeSection } from './change.ts'
import { checksSection } from './checks.ts'
import { logSection } from './log.ts'
import { particularsSection } from './particulars.ts'
import { riskSection } from './risk.ts'
import { shareSection } from './share.ts'
import { signedValue } from './shown.ts'
import { type Standing, standing } from './standing.ts'
import { verificationSection } from './verification.ts'

export interface CertificatePageInput {
  readonly certificate: Certificate
  /** The verification of the same certificate, made for this request. */
  readonly verification: Verification
  /** Entries in the newest checkpoint of the log; null or absent when that is not known. */
  readonly treeSize?: number | null
}

/** The public page of one certificate. `/certs/{id}` */
export function certificatePage(site: Site, input: CertificatePageInput): Page {
  const { certificate, verification, treeSize = null } = input
  const current = standing(verification)
  const id = certificate.certificate_id
  const level = certificate.risk_level
  return {
    status: 200,
    headers: { ...pageHeaders('live'), 'x-robots-tag': 'noindex, nofollow' },
    html: layout(site, {
      title: `${current.word} · ${id} · CodeRisk`,
      description: describe(current, certificate, level),
      path: `/certs/${pathSegment(certificate.certificate_id)}`,
      listed: false,
      styles: ['certificate'],
      scripts: ['certificate'],
      main: html`<article class="sheet tone--${current.tone}">
${heading(certificate, current)}
${!current.contentHolds && html`<p class="note note--strong">What follows is what the record says. Its signature could not be confirmed, so none of it can be relied on.</p>`}
<div${!current.contentHolds && html` class="doubtful"`}>
${riskSection(certificate)}
${checksSection(certificate)}
${changeSection(certificate)}
${particularsSection(certificate)}
</div>
${logSection({ certificate, verification, treeSize })}
${verificationSection(site, certificate, verification)}
${shareSection(site, certificate)}
</article>`,
    }),
  }
}

function describe(current: Standing, certificate: Certificate, level: string): string {
  if (!current.contentHolds) return `${current.word}: this record could not be confirmed.`
  const score = formatScore(certificate.risk_score)
  return `${current.word}. ${level} risk, ${score} of 10. Code by ${certificate.ai_tool}, checked and signed by the CodeRisk Trust Network.`
}

function heading(certificate: Certificate, current: Standing): Html {
  return html`<header class="head"><div class="head__text">
<p class="eyebrow">Trust certificate for AI-generated code</p>
<h1 class="head__id">${signedValue(certificate, 'certificate_id')}</h1>
<p class="standing">${icon(current.icon)}<strong>${current.word}</strong></p>
${current.sentences.map((sentence) => html`<p class="head__why">${sentence}</p>`)}
<p class="head__more"><a href="#verification">Verify it yourself</a></p>
</div><div class="head__seal">${seal(certificate.code_hash)}<span class="head__glyph">${icon(current.icon)}</span></div></header>`
}
