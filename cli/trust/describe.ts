import { createHash } from 'node:crypto'
import type { TrustRoot, TrustRootKey } from '../../core/verify/index.ts'
import { clean } from '../output.ts'
import { shortTime } from '../reports/words.ts'

const DAY_MS = 86_400_000
const TITLE_WIDTH = 14
/** Of a fingerprint, and of a member that this command does not know. */
const MAX_SHOWN = 16
const MAX_OTHER_SHOWN = 100

/** What a trust root says, in lines that are safe to print. */
export function describeTrustRoot(root: TrustRoot, now: Date): string[] {
  return [
    ...titled('Version', [`${root.version}, issued ${shortTime(root.issued_at)}`]),
    ...titled('Expires', [expiry(root, now)]),
    ...sections(root).flatMap(([title, lines]) => titled(title, lines.length === 0 ? ['none'] : lines)),
  ]
}

/**
 * What changes from one trust root to the next, as a comparison of what they say, in lines that are safe to print: what
 * whoever signs the next one has to look at.
 *
 * @param current null when there is none yet, or none that can be believed
 */
export function describeChanges(next: TrustRoot, current: TrustRoot | null, now: Date): string[] {
  const before = new Map(current === null ? [] : sections(current))
  return [
    ...titled('Version', [`${next.version}, ${follows(next, current)}, issued ${shortTime(next.issued_at)}`]),
    ...titled('Expires', [expiry(next, now)]),
    ...sections(next).flatMap(([title, lines]) => titled(title, compare(before.get(title) ?? [], lines))),
  ]
}

function follows({ version }: TrustRoot, current: TrustRoot | null): string {
  if (current !== null) return `to follow version ${current.version}`
  return version === 1 ? 'the first' : 'with none before it to compare with'
}

function compare(before: readonly string[], after: readonly string[]): string[] {
  const gone = before.filter((line) => !after.includes(line)).map((line) => `- ${line}`)
  const added = after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`)
  const kept = after.length - added.length
  if (gone.length + added.length === 0) return [kept === 0 ? 'none' : 'as before']
  return [...gone, ...added, ...(kept === 0 ? [] : [`  ${kept} as before`])]
}

/** All that a trust root says, in an order in which it can be compared; nothing that is signed is left out. */
function sections(root: TrustRoot): [string, string[]][] {
  const { type, version, issued_at, expires_at, keys, log, status_lists, agent_ca_certificates, ...others } =
    root
  return [
    ['Keys', keys.map(describeKey)],
    ['Log', log === undefined ? [] : [log.verifier_key, log.url, ...described(namedLog(log))]],
    ['Witnesses', log === undefined ? [] : [...log.witness_policy.split('\n').filter(Boolean), failure(log)]],
    ['Status lists', [...status_lists]],
    ['Agent CAs', (agent_ca_certificates ?? []).map((pem) => `certificate ${fingerprint(pem)}`)],
    ['Other', described(others)],
  ]
}

function describeKey(key: TrustRootKey): string {
  const {
    kid,
    algorithm,
    state,
    valid_from,
    valid_to,
    jwk,
    pem,
    compromised_log_index: index,
    ...others
  } = key
  const parts = [
    `${kid} ${state}`,
    `from ${valid_from}`,
    ...(valid_to === null ? [] : [`to ${valid_to}`]),
    ...(index === undefined ? [] : [`good below log index ${index}`]),
    `${algorithm} ${fingerprint(jwk)}/${fingerprint(pem)}`,
    ...described(others),
  ]
  return parts.join(', ')
}

function namedLog({ origin, verifier_key, url, witness_policy, witness_failure, ...others }: Log): object {
  return others
}

type Log = NonNullable<TrustRoot['log']>

function failure({ witness_failure }: Log): string {
  return witness_failure === 'closed'
    ? 'no quorum: refused (closed)'
    : 'no quorum: passes, and is told (open)'
}

/** Members that are newer than this command. */
function described(members: object): string[] {
  return Object.entries(members).map(([name, value]) => {
    const text = JSON.stringify(value)
    const shown = text.length <= MAX_OTHER_SHOWN ? text : `${text.slice(0, MAX_OTHER_SHOWN)}…`
    return `${name}: ${shown} (${fingerprint(value)})`
  })
}

/** The first digits of the SHA-256 of a member, so that no change of it goes unseen. Some are not looked at before. */
function fingerprint(value: unknown): string {
  const text = JSON.stringify(value) ?? ''
  return createHash('sha256').update(text).digest('hex').slice(0, MAX_SHOWN)
}

function expiry({ expires_at }: TrustRoot, now: Date): string {
  const days = Math.floor((Date.parse(expires_at) - now.getTime()) / DAY_MS)
  const when = days < 0 ? 'it has expired' : days === 0 ? 'within a day' : `in ${days} days`
  return `${shortTime(expires_at)} (${when})`
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `${(index === 0 ? title : '').padEnd(TITLE_WIDTH)}${clean(line)}`)
}
