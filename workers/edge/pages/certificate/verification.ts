import type { Certificate } from '../../../../schema/wire/certificate.ts'
import type { Verification } from '../../../../schema/wire/verification.ts'
import { copyable, section } from '../components/facts.ts'
import { type IconName, icon } from '../components/icons.ts'
import { formatInstant } from '../format.ts'
import { type Html, html } from '../html.ts'
import type { Site } from '../page.ts'
import { reasonWords, sourceWords } from '../words.ts'
import { verificationCommands } from './commands.ts'

/** What the network found, the button that checks it in the reader's own browser, and the same by hand. */
export function verificationSection(site: Site, certificate: Certificate, verification: Verification): Html {
  return section(
    'verification',
    'Verification',
    html`<p>The network checked this when you opened the page. You need not believe it: your browser can check the signature itself, over the exact bytes that were signed. The keys for that come from this server too; to depend on nothing here, use the commands below with a key that you already hold.</p>
<div class="verify-here" data-verify="${certificate.certificate_id}" hidden><button class="button" type="button">Verify in your browser</button></div>
<noscript><p class="note">Checking here needs JavaScript. The commands below do the same.</p></noscript>
<div class="proof" data-proof role="status" aria-live="polite"></div>
<h3>What the network answered</h3>
${answer(verification)}
<details class="fold"><summary>Verify with curl, jq and openssl</summary>
<p class="hint">The last line prints <code>Verified OK</code>. Only the first and fourth command need the network.</p>
${copyable('commands', 'Commands that verify the signature', verificationCommands(site, certificate))}
</details>`,
  )
}

const ICONS: Record<Outcome['result'], IconName> = {
  passed: 'pass',
  failed: 'fail',
  indeterminate: 'unsure',
  not_evaluated: 'none',
}

/** What each check found, in words. */
type Words = Readonly<Record<Outcome['result'], string>>
const words = (passed: string, failed: string, indeterminate: string): Words => ({
  passed,
  failed,
  indeterminate,
  not_evaluated: 'not asked',
})

const CHECKS = [
  ['signature', 'Signature', words('holds', 'does not hold', 'not checked')],
  ['key_validity', 'Signing key', words('in force', 'not in force', 'not checked')],
  ['expiry', 'Period', words('running', 'not running', 'not known')],
  ['status', 'Revocation', words('none', 'revoked', 'not known')],
  ['log', 'Log', words('has its issue', 'proof does not hold', 'not checked')],
  ['witnesses', 'Witnesses', words('have seen the log', 'too few', 'not checked')],
] as const

function answer({ checks, status_as_of, status_source }: Verification): Html {
  const age = status_as_of === null ? '' : `as of ${formatInstant(status_as_of)}, `
  // Where nobody looked into the log, nobody asked its witnesses: once is enough.
  const told = CHECKS.filter(
    ([name]) =>
      name !== 'witnesses' || checks.log.result === 'passed' || checks.witnesses.reason !== checks.log.reason,
  )
  return html`<ul class="answers">${told.map(([name, label, found]) => line(label, checks[name], found))}</ul>
<p class="hint">Revocation status: ${age}${sourceWords(status_source)}.</p>`
}

type Outcome = Verification['checks']['signature']

function line(label: string, { result, reason }: Outcome, found: Words): Html {
  return html`<li class="answer answer--${result}">${icon(ICONS[result] ?? 'unsure')}<span>${label}: <strong>${found[result] ?? result}</strong>${reason !== null && html`<span class="hint">${reasonWords(reason)}</span>`}</span></li>`
}
