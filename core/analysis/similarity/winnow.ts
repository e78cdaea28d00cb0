import { TokenKind, type Tokens, tokenText } from '../source/tokens.ts'
import { mix, normalise } from './normalise.ts'

/**
 * Normalised tokens in a gram: a shorter likeness is none. Chosen by measurement, on the 178 samples of then, at a
 * similarity of 0.3 (WINDOW 3, without idioms): of 32 snippets written without looking at the samples, grams of 4, 5
 * and 6 tokens found 41 %, 34 % and 19 % as what they are and took 12 %, 3 % and 0 % for something else; of 1,425 files
 * of Go, the language with the most false matches, they took 0.5 %, 0.1 % and 0.1 % for a pattern. The snippets are few
 * and the choice was made with them, so that it may look better on them than on others.
 */
export const GRAM = 5
/** Neighbouring grams of which at least one becomes a fingerprint. Of 2, 3 and 4 none found clearly more. */
export const WINDOW = 3
/**
 * Goes up with each change that gives the same code other fingerprints, such as one of `API_NAMES`. Those of different
 * versions do not compare, so what stores fingerprints stores this with them.
 */
export const FINGERPRINT_VERSION = 1

/** Of the rolling hash: odd, so that no token's bits are lost. */
const BASE = 0x2c1b3c6d
const BASE_TO_GRAM = Array.from({ length: GRAM }).reduce<number>((power) => Math.imul(power, BASE), 1)

const GOES_OVER_LINES: ReadonlySet<number> = new Set([TokenKind.string, TokenKind.template])

/** All grams of a source, or those that have a token on one of its lines asked for, in their order. */
export interface Grams {
  readonly count: number
  readonly hash: Uint32Array
  /** The line, from 1, of the gram's first token. */
  readonly line: Uint32Array
  /** How many normalised tokens are before it in the source. */
  readonly at: Uint32Array
  /** Normalised tokens on the lines asked for. */
  readonly tokensSeen: number
}

export interface Fingerprint {
  /** An unsigned 32-bit integer. */
  readonly hash: number
  /** The line, from 1, of the gram's first token. */
  readonly line: number
}

/**
 * The fingerprints of a source by robust winnowing (Schleimer, Wilkerson & Aiken, "Winnowing: Local Algorithms for
 * Document Fingerprinting", SIGMOD 2003): of each window of grams the least hash, of equal ones that of the window
 * before or else the rightmost. Two sources that share a run of WINDOW + GRAM − 1 normalised tokens share a fingerprint.
 *
 * With `lines`, those whose gram has a token on one of these: what a change did not touch is not the change's.
 */
export function fingerprint(
  tokens: Tokens,
  content: string,
  options: { readonly lines?: ReadonlySet<number> } = {},
): Fingerprint[] {
  const all = gramsOf(tokens, content)
  const touched = options.lines === undefined ? null : new Set(gramsOf(tokens, content, options.lines).at)
  return winnow(all.hash)
    .filter((index) => touched === null || touched.has(all.at[index]!))
    .map((index) => ({ hash: all.hash[index]!, line: all.line[index]! }))
}

/**
 * The grams of a source, by a rolling hash (Karp & Rabin, 1987) that is mixed. A change is compared by all of its
 * grams and not by its fingerprints: then whatever a catalogue has kept of a likeness is found, and an edit nearby
 * does not make a window choose another gram. One added line in old code gives the grams that reach into it.
 */
export function gramsOf(tokens: Tokens, content: string, lines?: ReadonlySet<number>): Grams {
  const { count, code, token } = normalise(tokens, content)
  const isTouched = lines === undefined ? () => true : touching(tokens, content, lines)
  const capacity = Math.max(0, count - GRAM + 1)
  const hash = new Uint32Array(capacity)
  const line = new Uint32Array(capacity)
  const at = new Uint32Array(capacity)
  let grams = 0
  let tokensSeen = 0
  let rolling = 0
  let lastTouched = -1
  for (let i = 0; i < count; i++) {
    rolling = (Math.imul(rolling, BASE) + code[i]!) | 0
    if (i >= GRAM) rolling = (rolling - Math.imul(code[i - GRAM]!, BASE_TO_GRAM)) | 0
    if (isTouched(token[i]!)) {
      lastTouched = i
      tokensSeen++
    }
    const start = i - GRAM + 1
    if (start < 0 || lastTouched < start) continue
    hash[grams] = mix(rolling)
    line[grams] = tokens.line[token[start]!]!
    at[grams++] = start
  }
  return {
    count: grams,
    hash: hash.subarray(0, grams),
    line: line.subarray(0, grams),
    at: at.subarray(0, grams),
    tokensSeen,
  }
}

/** The places of the hashes that winnowing keeps, ascending; the least one where there is not a whole window. */
export function winnow(hashes: Uint32Array): number[] {
  const kept: number[] = []
  const windows = hashes.length === 0 ? 0 : Math.max(1, hashes.length - WINDOW + 1)
  for (let start = 0; start < windows; start++) {
    const before = kept.at(-1) ?? -1
    let least = start
    for (let i = start + 1; i < Math.min(start + WINDOW, hashes.length); i++) {
      if (hashes[i]! <= hashes[least]!) least = i
    }
    if (before >= start && hashes[before] === hashes[least]) continue
    kept.push(least)
  }
  return kept
}

/** Whether a token, asked for in their order, has a part on one of the lines. */
function touching(tokens: Tokens, content: string, lines: ReadonlySet<number>): (token: number) => boolean {
  let asked = -1
  let answer = false
  return (token) => {
    if (token === asked) return answer
    asked = token
    let line = tokens.line[token]!
    answer = lines.has(line)
    if (answer || !GOES_OVER_LINES.has(tokens.kind[token]!)) return answer
    const text = tokenText(content, tokens, token)
    for (let at = text.indexOf('\n'); !answer && at !== -1; at = text.indexOf('\n', at + 1)) {
      answer = lines.has(++line)
    }
    return answer
  }
}
