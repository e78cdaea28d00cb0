/** `/log?index=…`: proves in this browser that the log has the entry, and that the page shows it. */
import { shownEntry } from '../log/shown.ts'
import { type LogSource, proveEntry } from '../proof/prove-entry.ts'
import { canCheckEd25519 } from '../proof/root-key.ts'
import type { Step } from '../proof/steps.ts'
import { enableCopying } from './dom/copy.ts'
import { element, find } from './dom/element.ts'
import { fetchBytes, fetchCertificate, fetchRootKey, fetchText, parse } from './dom/network.ts'
import { showProgress, showReport } from './dom/proof.ts'

const place = find<HTMLElement>('[data-proof]')
const holder = find<HTMLElement>('[data-entry]')
const button = find<HTMLButtonElement>('button', holder)
const index = Number(holder.dataset.entry)
const { certificate: certificateId } = holder.dataset

const SOURCE: LogSource = {
  rootKey: fetchRootKey,
  trustRoot: async () => parse(await fetchText('/.well-known/coderisk/trust-root.json')),
  checkpoint: () => fetchText('/log/checkpoint'),
  object: (path) => fetchBytes(`/log/${path}`),
  certificate: fetchCertificate,
}

enableCopying()
holder.hidden = false
button.addEventListener('click', verify)

async function verify(): Promise<void> {
  button.disabled = true
  showProgress(place, 'Fetching the checkpoint and the tiles…')
  if (await canCheckEd25519()) {
    const report = await proveEntry(SOURCE, {
      index,
      certificateId,
      now: new Date(),
      compare: compareWithPage,
    })
    showReport(place, report, ...(report.proof === null ? [] : [saveLink(report.proof)]))
  } else {
    showProgress(place, 'Nothing was checked: this browser does not know Ed25519. A newer one does.')
  }
  button.disabled = false
  button.textContent = 'Verify again'
}

/** The tree covers the entry, not this page; so compare the two. */
function compareWithPage({ text, leafHash }: { text: string; leafHash: string }): Step {
  const title = 'Compare this page with it'
  const same =
    find('#entry-text').textContent === shownEntry(text) && find('[data-leaf-hash]').textContent === leafHash
  return same
    ? { title, result: 'passed', detail: 'The entry and the leaf hash on this page are the ones in the log.' }
    : { title, result: 'failed', detail: 'This page shows another entry than the log has there.' }
}

/** Whoever has the log's key can verify that file without us. */
function saveLink(proof: string): HTMLElement {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([proof], { type: 'text/plain' }))
  link.download = `entry-${index}.tlog-proof`
  link.textContent = 'Save this proof'
  return element(
    'p',
    'proof__network',
    link,
    ' (c2sp.org/tlog-proof): tools that are not ours verify it offline.',
  )
}
