import type { Conclusion } from '../../proof/conclude.ts'
import type { Step } from '../../proof/prove.ts'
import { element, icon } from './element.ts'

const RESULTS = { passed: 'Passed', failed: 'Failed', skipped: 'Not reached' } as const

/** Shows the conclusion, then what was checked here, then what the network says. */
export function showProof(place: HTMLElement, steps: readonly Step[], conclusion: Conclusion): void {
  const title = element('p', 'proof__title', conclusion.title)
  const list = element('ol', 'steps', ...steps.map(stepItem))
  const network = element('p', 'proof__network', conclusion.network)
  const hint = element('p', 'hint', 'The same over the same bytes, by hand: ')
  hint.append(
    element('code', '', 'openssl dgst -sha256 -verify key.pem -signature signature.bin signed.json'),
  )
  place.dataset.outcome = conclusion.tone
  place.replaceChildren(element('div', `proof__box tone--${conclusion.tone}`, title, list, network, hint))
}

export function showProgress(place: HTMLElement, words: string): void {
  delete place.dataset.outcome
  place.replaceChildren(element('p', 'hint', words))
}

function stepItem(step: Step): HTMLElement {
  const words = element('div', 'step__words', element('strong', '', step.title))
  words.append(element('span', 'unseen', ` ${RESULTS[step.result]}.`), element('span', 'hint', step.detail))
  if (step.value !== undefined) words.append(element('code', 'long', step.value))
  return element('li', `step step--${step.result}`, icon(step.result), words)
}
