import { toHex, utf8 } from '../../../core/verify/encoding.ts'
import { verifyCosignature } from '../../../core/verify/log/cosignature.ts'
import { parseDecimal } from '../../../core/verify/log/text.ts'
import { entriesPath, TILE_WIDTH, tilePath, tileWidth } from '../../../core/verify/log/tiles.ts'
import { issuedLogEntry } from '../../../core/verify/log-entry.ts'
import { examineWitnesses } from '../../../core/verify/log-evidence.ts'
import { trustedLog } from '../../../core/verify/trusted-log.ts'
import { CERTIFICATE_ID_PATTERN } from '../../../schema/wire/vocabulary.ts'
import { proveCertificate } from '../log/certificate.ts'
import { currentCheckpoint, type HeldCheckpoint } from '../log/checkpoint.ts'
import { readEntries } from '../log/entries.ts'
import { findIndex } from '../log/find.ts'
import {
  errorPage,
  LOG_PAGE_ENTRIES,
  type LogListInput,
  type LogPageCheckpoint,
  logEntryAbsentPage,
  logEntryPage,
  logEntryPendingPage,
  logListPage,
} from '../pages/index.ts'
import { policyHeaders } from '../rate-limits.ts'
import type { EdgeRequest } from '../request.ts'
import { page } from '../respond.ts'
import { siteOf } from '../site.ts'
import { trustRoot } from '../trust.ts'
import { find } from './certificates.ts'

const MAX_ASKED_CHARACTERS = 200
const LEAF_HASH = /^[0-9a-f]{64}$/

/** `GET /log`: the log, newest entries first; `?before=N` those before; `?index=N` one entry; `?find=…` looks one up. */
export async function getLogPage(edge: EdgeRequest, query: URLSearchParams): Promise<Response> {
  const asked = query.get('find')?.trim().slice(0, MAX_ASKED_CHARACTERS)
  if (asked) return look(edge, asked)
  const index = query.get('index')
  if (index !== null) return showEntry(edge, index, query.get('certificate') ?? '')
  return showList(edge, parseDecimal(query.get('before') ?? ''))
}

/** What was asked for leads to its entry's own address. */
async function look(edge: EdgeRequest, asked: string): Promise<Response> {
  const index = parseDecimal(asked.replaceAll(',', ''))
  if (index !== null) return redirect(`/log?index=${index}`)
  if (CERTIFICATE_ID_PATTERN.test(asked)) return lookForCertificate(edge, asked)
  const leafHash = asked.toLowerCase()
  if (!LEAF_HASH.test(leafHash)) return showList(edge, null, { asked, why: 'malformed' })
  const found = await findIndex(edge.env, leafHash, edge.client, edge.now)
  if (!found.ok && found.reason !== 'not_found') return refuse(edge, found.reason)
  if (found.ok) {
    const checkpoint = await currentCheckpoint(edge.env, edge.now, found.index + 1)
    if (checkpoint === null) return refuse(edge, 'unavailable')
    // A place may be known before the checkpoint that covers it is published.
    if (found.index < checkpoint.size) return redirect(`/log?index=${found.index}`)
  }
  return page(logEntryAbsentPage(siteOf(edge.env), { leafHash }))
}

async function lookForCertificate(edge: EdgeRequest, id: string): Promise<Response> {
  const found = await find(edge, id)
  if (!found.ok) {
    if (found.reason !== 'not_found') return refuse(edge, found.reason)
    return showList(edge, null, { asked: id, why: 'no_certificate' })
  }
  const { examined, record } = found.certificate
  if (examined.certificate === null) return refuse(edge, 'unavailable')
  const proof = await proveCertificate(edge.env, found.certificate, edge.client, edge.now)
  if (proof.ok) {
    const place = proof.log.state === 'included' ? `index=${proof.log.index}&certificate=${id}` : ''
    return redirect(`/log?${place}`)
  }
  if (proof.code !== 'log_entry_not_found') {
    return refuse(edge, proof.code === 'rate_limited' ? 'rate_limited' : 'unavailable')
  }
  const { leafHash } = await issuedLogEntry(examined.certificate, utf8(record.signed))
  return page(logEntryPendingPage(siteOf(edge.env), { id, leafHash: toHex(leafHash) }))
}

async function showEntry(edge: EdgeRequest, text: string, certificate: string): Promise<Response> {
  const index = parseDecimal(text)
  const checkpoint = await currentCheckpoint(edge.env, edge.now, (index ?? 0) + 1)
  if (checkpoint === null) return refuse(edge, 'unavailable')
  const { size } = checkpoint
  if (index === null || index >= size)
    return page(logEntryAbsentPage(siteOf(edge.env), { index: index ?? 0, size }))
  const [entry] = (await readEntries(edge.env, checkpoint, index, index + 1)) ?? []
  if (entry === undefined) return refuse(edge, 'unavailable')
  const at = Math.floor(index / TILE_WIDTH)
  const width = tileWidth(at, size)
  return page(
    logEntryPage(siteOf(edge.env), {
      entry,
      size,
      tile: tilePath({ level: 0, index: at, width }),
      bundle: entriesPath(at, width),
      certificateId: CERTIFICATE_ID_PATTERN.test(certificate) ? certificate : undefined,
    }),
  )
}

async function showList(
  edge: EdgeRequest,
  asked: number | null,
  refused?: LogListInput['refused'],
): Promise<Response> {
  const checkpoint = await currentCheckpoint(edge.env, edge.now)
  if (checkpoint === null) return refuse(edge, 'unavailable')
  const { size } = checkpoint
  const before = asked === null || asked === 0 ? size : Math.min(asked, size)
  const first = Math.max(0, before - LOG_PAGE_ENTRIES)
  const entries = size === 0 ? [] : await readEntries(edge.env, checkpoint, first, before)
  const newest = before === size ? entries : await readEntries(edge.env, checkpoint, size - 1, size)
  const described = await describe(edge, checkpoint)
  if (entries === null || newest === null || described === null) return refuse(edge, 'unavailable')
  return page(
    logListPage(siteOf(edge.env), {
      checkpoint: described,
      entries,
      before,
      newest: timeOf(newest.at(-1)?.text),
      now: edge.now,
      refused,
    }),
  )
}

/** The last one that was described: looking for its witnesses takes a signature each. */
let last: { readonly text: string; readonly version: number; readonly shown: LogPageCheckpoint } | undefined

async function describe(edge: EdgeRequest, checkpoint: HeldCheckpoint): Promise<LogPageCheckpoint | null> {
  const { origin, size, root, text, note } = checkpoint
  const held = await trustRoot(edge.env, edge.now)
  const log = held && trustedLog(held.trustRoot)
  if (held === null || log === null) return null
  const { version } = held.trustRoot
  if (last?.text === text && last.version === version) return last.shown
  const witnesses = await Promise.all(
    log.policy.witnesses.map(async ({ name, key }) => {
      const cosigned = await verifyCosignature(note, key)
      return { name, time: cosigned && cosigned.time * 1000 }
    }),
  )
  const witnessed = await examineWitnesses(checkpoint, log)
  const shown = { origin, size, root: toHex(root), text, witnesses, witnessed }
  last = { text, version, shown }
  return shown
}

function timeOf(text: string | undefined): string | null {
  const { time } = text === undefined ? { time: null } : (JSON.parse(text) as { time?: unknown })
  return typeof time === 'string' ? time : null
}

const TITLES = {
  rate_limited: 'Too many requests',
  unavailable: 'The transparency log cannot be read right now',
} as const

function refuse(edge: EdgeRequest, reason: keyof typeof TITLES): Response {
  const status = reason === 'rate_limited' ? 429 : 503
  const shown = page(errorPage(siteOf(edge.env), { status, title: TITLES[reason], requestId: edge.id }))
  if (reason === 'unavailable') return shown
  for (const [name, value] of Object.entries(policyHeaders('RATE_LIMIT_MISS'))) shown.headers.set(name, value)
  return shown
}

function redirect(location: string): Response {
  return new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } })
}
