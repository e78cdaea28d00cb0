import { z } from 'zod'
import { datadogWebhookSchema } from '../../../schema/wire/incidents.ts'
import { ignored, type Told, UNREADABLE } from './told.ts'
import { notAfter, readRelease, readTitle, readUrl } from './values.ts'

const MAX_TAGS = 200
/** What `$ALERT_TRANSITION` says of an alert that begins. Warnings and what is only told again do not count. */
const OPENS = ['triggered', 're-triggered']
const RESOLVES = 'recovered'

/** The body of our template. The cycle key joins an alert with its recovery, which does not say when it began. */
export function readDatadog(payload: unknown, receivedAt: Date): Told {
  const read = datadogWebhookSchema.safeParse(payload)
  const at = datadogTime(payload)
  if (!read.success || at === null) return UNREADABLE
  const { cycle_key: cycle, transition, tags: list, link, title } = read.data
  const word = transition.trim().toLowerCase()
  if (!OPENS.includes(word) && word !== RESOLVES) return ignored('not_opened_or_resolved')
  const tags = list
    .split(',', MAX_TAGS)
    .map((tag) => tag.trim().toLowerCase())
    .filter((tag) => tag !== '')
  const version = tags.find((tag) => tag.startsWith('version:'))
  const told = notAfter(at, receivedAt)
  return {
    kind: 'incident',
    providerId: cycle,
    hints: { datadogTags: tags },
    at: told,
    openedAt: word === RESOLVES ? null : told,
    resolvedAt: word === RESOLVES ? told : null,
    title: readTitle(title),
    url: readUrl(link),
    releaseSha: readRelease(version?.slice('version:'.length)),
    stackPaths: [],
    revertedSha: null,
  }
}

/** `$DATE`: milliseconds since the epoch. */
export function datadogTime(payload: unknown): Date | null {
  const date = dateSchema.safeParse(payload).data?.date
  return date === undefined ? null : new Date(date)
}

/** Before the year 10000. */
const MAX_TIME_MS = 253_402_300_799_999
const dateSchema = z.object({
  date: z.union([
    z.int().min(0).max(MAX_TIME_MS),
    z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number)
      .refine((time) => time <= MAX_TIME_MS),
  ]),
})
