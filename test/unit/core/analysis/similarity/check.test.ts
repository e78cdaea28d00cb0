import { describe, expect, test } from 'vitest'
import {
  checkSimilarity,
  MATCH_THRESHOLD,
  MAX_NAMED_MATCHES,
} from '../../../../../core/analysis/similarity/check.ts'
import type { Match } from '../../../../../core/analysis/similarity/match.ts'

const match = (id: string, similarity: number, isPrivate = false): Match => ({
  id,
  similarity,
  private: isPrivate,
  file: 0,
  line: 1,
})
const notEvaluated = {
  result: 'not_evaluated',
  passed: false,
  evidence: null,
  arc_matches: null,
  max_similarity: null,
}

describe('the check', () => {
  test('without code there was nothing to compare', () => {
    expect(checkSimilarity([], 0)).toEqual({ ...notEvaluated, reasons: ['no_code_to_compare'] })
  })

  test('beyond the budget it is not evaluated, whatever was found', () => {
    expect(checkSimilarity([match('A', 1)], 9, true)).toEqual({ ...notEvaluated, reasons: ['budget'] })
  })

  test('nothing alike passes', () => {
    expect(checkSimilarity([], 1)).toEqual({
      result: 'passed',
      passed: true,
      evidence: 'E3',
      reasons: [],
      arc_matches: [],
      max_similarity: 0,
    })
  })

  test('below the threshold it passes and says how near the nearest was', () => {
    expect(checkSimilarity([match('A', MATCH_THRESHOLD - 0.01)], 1)).toMatchObject({
      result: 'passed',
      arc_matches: [],
      max_similarity: MATCH_THRESHOLD - 0.01,
    })
  })

  test('at the threshold it fails, with the ids most alike first', () => {
    const matches = [match('B', 0.9), match('A', MATCH_THRESHOLD), match('C', 0.1)]
    expect(checkSimilarity(matches, 1)).toEqual({
      result: 'failed',
      passed: false,
      evidence: 'E3',
      reasons: ['arc_matches: 2'],
      arc_matches: ['B', 'A'],
      max_similarity: 0.9,
    })
  })

  test('names no more than MAX_NAMED_MATCHES, and counts all', () => {
    const matches = Array.from({ length: MAX_NAMED_MATCHES + 2 }, (_, index) => match(`A${index}`, 0.9))
    const check = checkSimilarity(matches, 1)
    expect(check.arc_matches).toHaveLength(MAX_NAMED_MATCHES)
    expect(check.reasons).toEqual([`arc_matches: ${MAX_NAMED_MATCHES + 2}`])
  })

  test('a private incident fails it and is not named', () => {
    const check = checkSimilarity([match('inc-secret', 0.8, true), match('A', 0.5)], 1)
    expect(check).toMatchObject({
      result: 'failed',
      reasons: ['arc_matches: 1', 'private_matches: 1'],
      arc_matches: ['A'],
      max_similarity: 0.8,
    })
    expect(JSON.stringify(check)).not.toContain('secret')
  })

  test('a private incident alone is enough', () => {
    expect(checkSimilarity([match('inc', 1, true)], 1)).toMatchObject({
      result: 'failed',
      reasons: ['private_matches: 1'],
      arc_matches: [],
    })
  })
})
