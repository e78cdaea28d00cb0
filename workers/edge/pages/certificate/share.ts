import type { Certificate } from '../../../../schema/wire/certificate.ts'
import { copyable, section } from '../components/facts.ts'
import { qrCode } from '../components/qr.ts'
import { type Html, html, pathSegment, safeHref } from '../html.ts'
import type { Site } from '../page.ts'

/** The badge with its Markdown, and the QR code of the address under which the certificate is verified. */
export function shareSection(site: Site, certificate: Certificate): Html {
  const id = pathSegment(certificate.certificate_id)
  const page = `${site.baseUrl}/certs/${id}`
  const address = safeHref(certificate.verification_url) ?? page
  const code = qrCode(address, 'QR code of the verification address')
  return section(
    'share',
    'Show it',
    html`<div class="share"><div class="share__badge">
<p><img src="/badges/${id}.svg" alt="CodeRisk badge of this certificate" height="20"></p>
<p class="hint">The badge asks for the live status each time it is loaded: it turns red when the certificate is revoked.</p>
<h3>Markdown</h3>
${copyable('badge-markdown', 'Badge as Markdown', `[![CodeRisk](${site.baseUrl}/badges/${id}.svg)](${page})`)}
</div>${code !== null && html`<figure class="share__code">${code}<figcaption class="hint">Verification address<br><a href="${address}">${address}</a></figcaption></figure>`}</div>`,
  )
}
