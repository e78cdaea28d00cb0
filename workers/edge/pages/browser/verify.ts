/** `/verify`: verifies a pasted certificate or JWS in this browser. */
import { conclude } from '../proof/conclude.ts'
import { prove } from '../proof/prove.ts'
import { find } from './dom/element.ts'
import { fetchKeySet, fetchLiveAnswer } from './dom/network.ts'
import { showProgress, showProof } from './dom/proof.ts'

const MAX_PASTED_CHARACTERS = 4_000_000

const place = find<HTMLElement>('[data-proof]')
const form = find<HTMLFormElement>('[data-paste]')
const area = find<HTMLTextAreaElement>('textarea', form)
const button = find<HTMLButtonElement>('button', form)

form.hidden = false
form.addEventListener('submit', (event) => {
  event.preventDefault()
  void verify(area.value.trim())
})

async function verify(text: string): Promise<void> {
  if (text.length > MAX_PASTED_CHARACTERS) {
    showProgress(place, 'Nothing was checked: this is longer than any certificate.')
    return
  }
  button.disabled = true
  showProgress(place, 'Fetching the public keys…')
  const keySet = await fetchKeySet()
  if (keySet === null) {
    showProgress(place, 'Nothing was checked: the public keys could not be fetched.')
  } else {
    const proof = await prove({ text, keySet, now: new Date() })
    // Only an id that the signature covers leaves this page.
    const answer = proof.certificate && (await fetchLiveAnswer(proof.certificate.certificate_id))
    showProof(place, proof.steps, conclude(proof, answer))
  }
  button.disabled = false
}
