/** `/verify`: verifies a bundle, a certificate or a JWS in this browser, and code with it. Nothing of them is sent. */
import { MAX_BUNDLE_LENGTH } from '../../../../core/verify/bundle.ts'
import { visible } from '../html.ts'
import { saysBundle } from '../proof/claim.ts'
import type { ReadableFile } from '../proof/code.ts'
import { type RootKey, readRootKey } from '../proof/root-key.ts'
import { enableDropping, ignoreMissedDrops } from './dom/drop.ts'
import { element, find } from './dom/element.ts'
import { droppedFiles, filesOf } from './dom/files.ts'
import { fetchRootKey } from './dom/network.ts'
import { showProgress } from './dom/proof.ts'
import { showRootKey } from './dom/root-key.ts'
import { type Given, verifyBundleHere, verifyCertificateHere } from './dom/verdict.ts'

const place = find<HTMLElement>('[data-proof]')
const form = find<HTMLFormElement>('[data-given]')
const area = find<HTMLTextAreaElement>('textarea', form)
const button = find<HTMLButtonElement>('button[type=submit]', form)

/** Fetched with the page: whatever is verified later needs no network. */
let rootKey = loadRootKey()
let chosen: { readonly text: string } | null = null
let code: readonly ReadableFile[] = []
let runs = 0

form.hidden = false
ignoreMissedDrops()
form.addEventListener('submit', (event) => {
  event.preventDefault()
  void verify()
})
area.addEventListener('input', () => {
  chosen = null
  showChosen('document', null)
})

const drops = {
  document: async (files: readonly ReadableFile[]) => {
    const [file] = files
    if (file === undefined || files.length > 1) {
      showProgress(
        place,
        'Nothing was checked: the certificate is one file. Its code goes into the other place.',
      )
      return
    }
    const text = await readDocument(file)
    if (text === null) return
    chosen = { text }
    area.value = ''
    showChosen('document', file.path)
    await verify()
  },
  code: async (files: readonly ReadableFile[]) => {
    code = files
    const [first] = files
    const named = files.length === 1 ? first!.path : `${files.length.toLocaleString('en-GB')} files`
    showChosen('code', first === undefined ? null : named)
    if (currentText() !== '') await verify()
  },
}

const TOO_LONG = 'Nothing was checked: this is longer than any certificate or bundle.'

for (const name of ['document', 'code'] as const) {
  const zone = find<HTMLElement>(`[data-drop=${name}]`)
  enableDropping(zone, (transfer) => void droppedFiles(transfer).then(drops[name]))
  for (const input of zone.querySelectorAll<HTMLInputElement>('input[type=file]')) {
    input.addEventListener('change', () => {
      const files = filesOf(input.files ?? [])
      // So that the same file can be chosen again after it was changed.
      input.value = ''
      if (files.length > 0) void drops[name](files)
    })
  }
}

async function readDocument(file: ReadableFile): Promise<string | null> {
  try {
    const blob = await file.open()
    if (blob.size <= MAX_BUNDLE_LENGTH) return await blob.text()
    showProgress(place, TOO_LONG)
  } catch {
    showProgress(place, 'Nothing was checked: the file cannot be read.')
  }
  return null
}

async function loadRootKey(): Promise<RootKey | null> {
  const key = await readRootKey(await fetchRootKey())
  showRootKey(key)
  return key
}

/** Asked for again where it could not be had with the page. */
async function requireRootKey(): Promise<RootKey | null> {
  if ((await rootKey) === null) rootKey = loadRootKey()
  return rootKey
}

function currentText(): string {
  return chosen?.text ?? area.value.trim()
}

async function verify(): Promise<void> {
  const text = currentText()
  if (text === '' || text.length > MAX_BUNDLE_LENGTH) {
    showProgress(place, text === '' ? 'Choose, drop or paste a certificate first.' : TOO_LONG)
    return
  }
  const run = ++runs
  button.disabled = true
  showProgress(place, 'Checking…')
  const given: Given = { text, code, now: new Date() }
  const show = await (saysBundle(text)
    ? verifyBundleHere(given, await requireRootKey())
    : verifyCertificateHere(given))
  button.disabled = false
  // What was chosen meanwhile has its own run.
  if (run !== runs) return
  show(place)
  place.scrollIntoView({ block: 'nearest' })
}

function showChosen(name: 'document' | 'code', text: string | null): void {
  const line = find<HTMLElement>(`[data-chosen=${name}]`)
  line.hidden = text === null
  const remove = element('button', 'button button--quiet', 'Remove') as HTMLButtonElement
  remove.type = 'button'
  remove.addEventListener('click', () => {
    if (name === 'document') chosen = null
    else code = []
    showChosen(name, null)
    place.replaceChildren()
  })
  line.replaceChildren(element('span', 'drop__name', visible(text ?? '')), remove)
}
