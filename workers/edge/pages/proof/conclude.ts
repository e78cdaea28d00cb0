import { formatInstant } from '../format.ts'
import { visible } from '../html.ts'
import { liveReasonWords, sourceWords } from '../words.ts'
import type { Proof } from './prove.ts'
import type { Tone } from './steps.ts'

/** The network's word on the live status; null when it could not be asked. */
export interface LiveAnswer {
  readonly verdict: string
  readonly status: string
  readonly reasons: readonly string[]
  readonly statusAsOf: string | null
  readonly statusSource: string
}

export interface Conclusion {
  readonly tone: Tone
  readonly title: string
  /** What the network says; kept apart from what was checked here. */
  readonly network: string
}

/** @param answer the body of `GET /v1/trust/certs/{id}/verify`, parsed; null for anything else */
export function readLiveAnswer(answer: unknown): LiveAnswer | null {
  if (typeof answer !== 'object' || answer === null) return null
  const { verdict, status, reasons, status_as_of, status_source } = answer as Record<string, unknown>
  if (typeof verdict !== 'string' || typeof status !== 'string' || !Array.isArray(reasons)) return null
  return {
    verdict,
    status,
    reasons: reasons.filter((reason) => typeof reason === 'string'),
    statusAsOf: typeof status_as_of === 'string' ? status_as_of : null,
    statusSource: typeof status_source === 'string' ? status_source : 'none',
  }
}

/** One line on what was proved here and one on what the network says. Neither can mend the other. */
export function conclude(proof: Proof, answer: LiveAnswer | null): Conclusion {
  const network = networkWords(answer)
  if (proof.failure === 'content') {
    return { tone: 'bad', title: 'Verification failed. Do not rely on this certificate.', network }
  }
  if (proof.failure === 'code') {
    return { tone: 'bad', title: 'The signature holds, but not for this code.', network }
  }
  if (proof.failure === 'period') {
    return { tone: 'warn', title: 'The signature holds, but the certificate has expired.', network }
  }
  if (answer === null || answer.verdict === 'indeterminate') {
    return { tone: 'unsure', title: 'The signature holds. Whether it was revoked is not known.', network }
  }
  if (answer.verdict === 'valid') return { tone: 'good', title: 'Verified in this browser.', network }
  return {
    tone: 'bad',
    title: `The signature holds, but the network says ${answer.status === 'valid' ? 'invalid' : answer.status}.`,
    network,
  }
}

const STATUS_WORDS: Record<string, string> = { valid: 'not revoked', unknown: 'status unknown' }

/** The network's word, in words. */
export function networkWords(answer: LiveAnswer | null): string {
  if (answer === null) return 'The network could not be asked for the live status.'
  const { verdict, status } = answer
  const word = Object.hasOwn(STATUS_WORDS, status) ? STATUS_WORDS[status] : status
  const overall = verdict === status ? '' : `${verdict}; `
  const when = answer.statusAsOf === null ? '' : ` as of ${formatInstant(answer.statusAsOf)}`
  const why = answer.reasons.map((reason) => ` ${liveReasonWords(reason)}`).join('')
  return visible(`The network says: ${overall}${word}${when} (${sourceWords(answer.statusSource)}).${why}`)
}
