import type { CheckOutcome } from '../../../../core/verify/checks.ts'
import { copyable, type Fact, facts, section } from '../components/facts.ts'
import { formatAge, formatInstant, shortHash } from '../format.ts'
import { type Html, html } from '../html.ts'
import { reasonWords } from '../words.ts'

/** The newest checkpoint, opened: its signature holds. */
export interface LogPageCheckpoint {
  readonly origin: string
  /** In entries. */
  readonly size: number
  /** Hex. */
  readonly root: string
  /** The whole signed note. */
  readonly text: string
  /** Those of the trust root's policy, with the time of their cosignature in milliseconds; null where there is none. */
  readonly witnesses: readonly { readonly name: string; readonly time: number | null }[]
  /** What they come to. */
  readonly witnessed: CheckOutcome
}

/** @param newest time of the newest entry, RFC 3339; null where there is none @param now milliseconds since the epoch */
export function checkpointSection(checkpoint: LogPageCheckpoint, newest: string | null, now: number): Html {
  const list: Fact[] = [
    { name: 'Origin', value: html`<code>${checkpoint.origin}</code>` },
    { name: 'Entries', value: checkpoint.size.toLocaleString('en-GB') },
    { name: 'Newest entry', value: newest && instant(newest, now) },
    { name: 'Root', value: root(checkpoint.root) },
    { name: 'Witnesses', value: witnesses(checkpoint, now) },
  ]
  return section(
    'checkpoint',
    'Newest checkpoint',
    html`${facts(list)}
<details class="fold"><summary>As it is signed</summary>
${copyable('note', 'The signed checkpoint', checkpoint.text)}
<p class="hint">The same at <a href="/log/checkpoint">/log/checkpoint</a>. Its signature is checked with the key in the <a href="/.well-known/coderisk/trust-root.json">trust root</a>.</p>
</details>`,
  )
}

function root(hash: string): Html {
  return html`<div class="short"><details class="fold fold--inline"><summary><code>${shortHash(hash)}</code></summary><code class="long" id="root">${hash}</code></details><button class="button button--quiet" type="button" data-copy="root" hidden>Copy</button></div>`
}

function witnesses({ witnesses: all, witnessed }: LogPageCheckpoint, now: number): Html {
  const cosigned = all.filter(({ time }) => time !== null)
  const words =
    witnessed.result === 'passed'
      ? 'As many as the network asks for have cosigned it.'
      : reasonWords(witnessed.reason ?? witnessed.result)
  return html`${cosigned.length > 0 && html`<ul class="witnesses">${cosigned.map(({ name, time }) => html`<li><bdi>${name}</bdi> <span class="hint">${instant(new Date(time!).toISOString(), now)}</span></li>`)}</ul>`}
<span class="hint">${words}</span>`
}

function instant(time: string, now: number): Html {
  const at = Date.parse(time)
  const age = Number.isNaN(at) || at > now ? '' : ` (${formatAge(now - at)} ago)`
  return html`<time datetime="${time}">${formatInstant(time)}</time>${age}`
}
