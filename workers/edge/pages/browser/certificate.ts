/** `/certs/{id}`: verifies the certificate in this browser, and that the page shows what was signed. */
import type { SignedCertificate } from '../../../../schema/wire/certificate.ts'
import { isShownMember, shownText } from '../certificate/shown.ts'
import { conclude } from '../proof/conclude.ts'
import { prove } from '../proof/prove.ts'
import type { Step } from '../proof/steps.ts'
import { enableCopying } from './dom/copy.ts'
import { find } from './dom/element.ts'
import { fetchCertificate, fetchKeySet, fetchLiveAnswer } from './dom/network.ts'
import { byHand, networkLine, showProgress, showReport } from './dom/proof.ts'

const place = find<HTMLElement>('[data-proof]')
const holder = find<HTMLElement>('[data-verify]')
const button = find<HTMLButtonElement>('button', holder)
const id = holder.dataset.verify ?? ''

enableCopying()
holder.hidden = false
button.addEventListener('click', verify)

async function verify(): Promise<void> {
  button.disabled = true
  showProgress(place, 'Fetching the certificate and the public keys…')
  const [text, keySet, answer] = await Promise.all([fetchCertificate(id), fetchKeySet(), fetchLiveAnswer(id)])
  button.disabled = false
  button.textContent = 'Verify again'
  if (text === null || keySet === null) {
    showProgress(place, 'Nothing was checked: the certificate or the public keys could not be fetched.')
    return
  }
  const proof = await prove({ text, keySet, now: new Date(), expectedId: id, compare: compareWithPage })
  const conclusion = conclude(proof, answer)
  showReport(
    place,
    { ...conclusion, steps: proof.steps },
    networkLine(conclusion.network),
    byHand(
      'The same over the same bytes, by hand: ',
      'openssl dgst -sha256 -verify key.pem -signature signature.bin signed.json',
    ),
  )
}

/** The signature covers the certificate, not this page; so compare the two. */
function compareWithPage(certificate: SignedCertificate): Step {
  const title = 'Compare this page with it'
  const shown = [...document.querySelectorAll<HTMLElement>('[data-signed]')]
  const differing = shown.filter(({ dataset: { signed = '' }, textContent }) => {
    return !isShownMember(signed) || textContent !== shownText(certificate, signed)
  })
  if (shown.length > 0 && differing.length === 0) {
    return {
      title,
      result: 'passed',
      detail: `The ${shown.length} main values on this page are the signed ones.`,
    }
  }
  const names = differing.map(({ dataset }) => dataset.signed).join(', ')
  return { title, result: 'failed', detail: `This page shows other values than were signed: ${names}.` }
}
