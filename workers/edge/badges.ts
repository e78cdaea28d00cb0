import { makeBadge } from 'badge-maker'
import type { CertificateStatus, RiskLevel } from '../../schema/wire/vocabulary.ts'

export interface BadgeInput {
  readonly status: CertificateStatus
  /** Shown only while the status is `valid`; null where it is not known. */
  readonly riskLevel: RiskLevel | null
  /** 0 to 10. */
  readonly riskScore: number | null
  /** `flat` (default), `flat-square` or `for-the-badge`; anything else is `flat`. */
  readonly style?: string | undefined
  /** At most 60 characters are shown; `CodeRisk` by default. */
  readonly label?: string | undefined
}

export interface Badge {
  /** A whole SVG document, always well-formed XML. */
  readonly svg: string
  /** The same, encoded, and what is sent with it. */
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly headers: Headers
  /** Strong validator (RFC 9110 §8.8.3), quotes included. */
  readonly etag: string
}

/** Draws a badge. Any input gives one; nothing is thrown. */
export function renderBadge(input: BadgeInput): Badge {
  const message = messageOf(input)
  const style = STYLES.find((known) => known === input.style) ?? 'flat'
  const label = cleanLabel(input.label)
  const key = `${style}\n${message}\n${label}`
  const known = drawn.get(key)
  if (known !== undefined) return known
  const svg = makeBadge({ label, message, style, labelColor: LABEL_COLOUR, color: colourOf(input) })
  const etag = `"${fingerprint(svg)}"`
  const headers = new Headers({
    'content-type': 'image/svg+xml; charset=utf-8',
    'cache-control': 'max-age=0, must-revalidate',
    etag,
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    'access-control-allow-origin': '*',
  })
  const badge = { svg, bytes: new TextEncoder().encode(svg), etag, headers }
  if (drawn.size >= MAX_DRAWN) drawn.clear()
  drawn.set(key, badge)
  return badge
}

const STYLES = ['flat', 'flat-square', 'for-the-badge'] as const
const DEFAULT_LABEL = 'CodeRisk'
const MAX_LABEL_CHARACTERS = 60

/** Messages are few, labels are the callers': the bound is on memory, about 1.5 KB each. */
const MAX_DRAWN = 512
const drawn = new Map<string, Badge>()

const LABEL_COLOUR = '#3d4b53'
const COLOURS = { LOW: '#15703f', MEDIUM: '#8a6100', HIGH: '#b04a12', CRITICAL: '#a3242b' } as const
const REVOKED_COLOUR = '#a3242b'
const GREY = '#5d6870'

function messageOf({ status, riskLevel, riskScore }: BadgeInput): string {
  if (status !== 'valid') return status === 'revoked' || status === 'expired' ? status : 'unknown'
  if (!isRiskLevel(riskLevel)) return 'valid'
  return Number.isFinite(riskScore)
    ? `valid · ${riskLevel} ${Number(riskScore).toFixed(1)}`
    : `valid · ${riskLevel}`
}

function colourOf({ status, riskLevel }: BadgeInput): string {
  if (status === 'revoked') return REVOKED_COLOUR
  return status === 'valid' && isRiskLevel(riskLevel) ? COLOURS[riskLevel] : GREY
}

function isRiskLevel(level: unknown): level is RiskLevel {
  return typeof level === 'string' && Object.hasOwn(COLOURS, level)
}

/** What XML 1.0 §2.2 does not allow, and what would reorder or hide the text of the badge. */
const UNWANTED =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: naming them is the point
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]|\p{Surrogate}/gu

/** Escaping is the drawing library's; here goes what no escaping can make valid. */
function cleanLabel(label: unknown): string {
  if (typeof label !== 'string') return DEFAULT_LABEL
  const cleaned = label
    .slice(0, 4 * MAX_LABEL_CHARACTERS)
    .replace(UNWANTED, '')
    .trim()
  return cleaned === '' ? DEFAULT_LABEL : [...cleaned].slice(0, MAX_LABEL_CHARACTERS).join('')
}

/** FNV-1a over two lanes of 32 bits: it must tell badges apart, not resist anyone. */
function fingerprint(text: string): string {
  let a = 0x811c9dc5
  let b = 0x9dc5811c
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    a = Math.imul(a ^ code, 0x01000193)
    b = Math.imul(b ^ (code + i), 0x01000193)
  }
  return (a >>> 0).toString(16).padStart(8, '0') + (b >>> 0).toString(16).padStart(8, '0')
}
