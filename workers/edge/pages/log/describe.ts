import { eventWords } from '../words.ts'

/** An entry of the log that hashes to its leaf, as the page gets it. */
export interface LogPageEntry {
  readonly index: number
  /** Hex. */
  readonly leafHash: string
  /** JSON text of an object: the bytes that the leaf hash is of. */
  readonly text: string
}

/** What an entry says. Members of another type than they should have are left to the details. */
export interface DescribedEntry {
  /** What happened, in words. */
  readonly event: string
  readonly type: string | null
  /** RFC 3339. */
  readonly time: string | null
  /** SHA-256, hex. */
  readonly subject: string | null
  readonly digest: string | null
  readonly details: readonly (readonly [name: string, value: string])[]
}

const MEMBERS = ['type', 'time', 'subject', 'digest']
/** An entry may have 64 KiB, and the network's own have none that are longer. */
const MAX_VALUE_CHARACTERS = 200

export function describeEntry({ text }: Pick<LogPageEntry, 'text'>): DescribedEntry {
  const entry = JSON.parse(text) as Record<string, unknown>
  const own = (name: string) => {
    const value = entry[name]
    return typeof value === 'string' ? cut(value) : null
  }
  const type = own('type')
  const details = Object.entries(entry)
    .filter(([name, value]) => !MEMBERS.includes(name) || typeof value !== 'string')
    .map(
      ([name, value]) => [cut(name), cut(typeof value === 'string' ? value : JSON.stringify(value))] as const,
    )
  return {
    event: type === null ? 'Event of an unknown kind' : eventWords(type),
    type,
    time: own('time'),
    subject: own('subject'),
    digest: own('digest'),
    details,
  }
}

function cut(text: string): string {
  return text.length <= MAX_VALUE_CHARACTERS ? text : `${text.slice(0, MAX_VALUE_CHARACTERS)}…`
}
