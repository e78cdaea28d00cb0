import type { Verification } from '../../../../schema/wire/verification.ts'
import type { IconName } from '../components/icons.ts'
import { formatInstant } from '../format.ts'
import { reasonWords, revocationWords } from '../words.ts'

export type Tone = 'good' | 'bad' | 'warn' | 'unsure'

/** What a certificate is worth at this moment, in one word and the sentences that explain it. */
export interface Standing {
  readonly tone: Tone
  readonly icon: IconName
  readonly word: string
  readonly sentences: readonly string[]
  /** False when the content itself cannot be relied on: its signature or its key did not hold. */
  readonly contentHolds: boolean
}

/** The verdict decides; the status only names it. A record that fails its signature is never called valid. */
export function standing(verification: Verification): Standing {
  const { verdict, reasons, status, checks } = verification
  const contentHolds = checks.signature.result === 'passed' && checks.key_validity.result === 'passed'
  const rest = { sentences: reasons.map(reasonWords), contentHolds }
  if (verdict === 'valid') return { ...rest, tone: 'good', icon: 'pass', word: 'Valid', sentences: [VALID] }
  if (verdict === 'indeterminate') return { ...rest, tone: 'unsure', icon: 'unsure', word: 'Undetermined' }
  if (reasons.includes('test_mode')) return { ...rest, tone: 'warn', icon: 'none', word: 'Test only' }
  if (!contentHolds) return { ...rest, tone: 'bad', icon: 'fail', word: 'Invalid' }
  if (status === 'revoked') {
    const sentences = [describeRevocation(verification), ...reasons.filter(isOther).map(reasonWords)]
    return { tone: 'bad', icon: 'struck', word: 'Revoked', sentences, contentHolds }
  }
  if (status === 'expired') return { ...rest, tone: 'warn', icon: 'clock', word: 'Expired' }
  return { ...rest, tone: 'bad', icon: 'fail', word: 'Invalid' }
}

const VALID = 'The signature holds, the period is running, and it has not been revoked.'

const isOther = (reason: string) => reason !== 'revoked'

function describeRevocation({ revoked_at, revocation_reason }: Verification): string {
  const when = revoked_at === null ? '' : ` on ${formatInstant(revoked_at)}`
  const why = revocation_reason === null ? '' : `: ${revocationWords(revocation_reason)}`
  return `Withdrawn${when}${why}.`
}
