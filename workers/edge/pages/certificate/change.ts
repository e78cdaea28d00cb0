import type { Certificate } from '../../../../schema/wire/certificate.ts'
import { section } from '../components/facts.ts'
import { formatCount } from '../format.ts'
import { type Html, html } from '../html.ts'

const FILES_SHOWN = 12
const FILES_LISTED = 60
/** Keeps a page of long paths small too. */
const LISTED_CHARACTERS = 4_500

/** How large and how scattered the change was, and which files it touched. */
export function changeSection(certificate: Certificate): Html {
  const { change } = certificate
  return section(
    'change',
    'The change',
    html`<ul class="figures">
${figure(change.lines_added, 'lines added', '+')}
${figure(change.lines_deleted, 'lines deleted', '−')}
${figure(change.files, change.files === 1 ? 'file' : 'files')}
${figure(change.directories, change.directories === 1 ? 'directory' : 'directories')}
${figure(change.subsystems, change.subsystems === 1 ? 'subsystem' : 'subsystems')}
${figure(change.entropy.toFixed(2), 'spread, of 1')}
</ul>
<h3>Files changed</h3>
${certificate.path_privacy === 'hashed' && html`<p class="hint">The owner keeps the paths private: each is shown as a keyed hash.</p>`}
${files(certificate.files_changed)}`,
  )
}

function figure(value: number | string, unit: string, sign = ''): Html {
  const text = typeof value === 'number' ? value.toLocaleString('en-GB') : value
  return html`<li><span class="figures__value">${sign}${text}</span> <span class="figures__unit">${unit}</span></li>`
}

/** The first few in view, more in a fold, and past that a count: 500 long paths would be the whole page. */
function files(paths: readonly string[]): Html {
  if (paths.length === 0) return html`<p class="hint">None were named.</p>`
  const listed = withinBudget(paths)
  const more = listed.slice(FILES_SHOWN)
  const left = paths.length - listed.length
  const rest =
    left > 0 && html`<p class="hint">${formatCount(left, 'further file')} in the certificate itself.</p>`
  const items = html`<ul class="files">${listed.slice(0, FILES_SHOWN).map(file)}</ul>`
  if (more.length === 0) return html`${items}${rest}`
  return html`${items}
<details class="fold"><summary>${formatCount(more.length, 'more file')}</summary><ul class="files">${more.map(file)}</ul>
${rest}</details>`
}

function withinBudget(paths: readonly string[]): string[] {
  let characters = 0
  return paths.slice(0, FILES_LISTED).filter((path) => {
    characters += path.length
    return characters <= LISTED_CHARACTERS
  })
}

function file(path: string): Html {
  return html`<li><bdi>${path}</bdi></li>`
}
