import type { Report, Step, StepResult } from '../../proof/steps.ts'
import { element, icon } from './element.ts'

/** What each is called where nobody sees the icon. */
const RESULTS: Readonly<Record<StepResult, string>> = {
  passed: 'Passed',
  failed: 'Failed',
  unsure: 'Not decided',
  noted: 'Does not count',
  skipped: 'Not reached',
}

/** Shows the conclusion, then what was checked here, then what else there is to say. */
export function showReport(place: HTMLElement, { tone, title, steps }: Report, ...more: Node[]): void {
  const list = element('ol', 'steps', ...steps.map(stepItem))
  place.dataset.outcome = tone
  place.replaceChildren(
    element('div', `proof__box tone--${tone}`, element('p', 'proof__title', title), list, ...more),
  )
}

export function showProgress(place: HTMLElement, words: string): void {
  delete place.dataset.outcome
  place.replaceChildren(element('p', 'hint', words))
}

/** What the network says, kept apart from what was checked here. */
export function networkLine(words: string): HTMLElement {
  return element('p', 'proof__network', words)
}

/** The command that does the same. */
export function byHand(words: string, command: string): HTMLElement {
  return element('p', 'hint', words, element('code', '', command))
}

function stepItem(step: Step): HTMLElement {
  const words = element('div', 'step__words', element('strong', '', step.title))
  words.append(element('span', 'unseen', ` ${RESULTS[step.result]}.`), element('span', 'hint', step.detail))
  if (step.value !== undefined) words.append(element('code', 'long', step.value))
  return element('li', `step step--${step.result}`, icon(step.result), words)
}
