import { describe, expect, it } from 'vitest'
import { failed, indeterminate, notEvaluated, PASSED } from '../../../../core/verify/checks.ts'
import { withCode } from '../../../../core/verify/with-code.ts'
import type { VerdictName } from '../../../../schema/wire/vocabulary.ts'

const given = (verdict: VerdictName, reasons: string[] = []) => ({
  verdict,
  reasons,
  status: verdict === 'valid' ? ('valid' as const) : ('revoked' as const),
  checks: { signature: PASSED },
  more: 1,
})
const MISMATCH = failed('code_hash_mismatch')

describe('a verdict with code', () => {
  it.each([
    ['valid', PASSED, 'valid', []],
    ['valid', notEvaluated('code_hash_missing'), 'valid', []],
    ['valid', MISMATCH, 'invalid', ['code_hash_mismatch']],
    ['valid', indeterminate('malformed'), 'indeterminate', ['malformed']],
    ['indeterminate', PASSED, 'indeterminate', ['other']],
    ['indeterminate', MISMATCH, 'invalid', ['other', 'code_hash_mismatch']],
    ['indeterminate', indeterminate('malformed'), 'indeterminate', ['other', 'malformed']],
    ['invalid', PASSED, 'invalid', ['other']],
    ['invalid', indeterminate('malformed'), 'invalid', ['other', 'malformed']],
  ] as const)('%s and %j', (verdict, code, expected, reasons) => {
    const found = withCode(given(verdict, verdict === 'valid' ? [] : ['other']), code)
    expect(found).toMatchObject({ verdict: expected, reasons, more: 1 })
    expect(found.checks).toEqual({ signature: PASSED, code_hash: code })
    expect(found.status === 'valid').toBe(expected === 'valid')
  })

  it('says each reason once', () => {
    expect(withCode(given('invalid', ['code_hash_mismatch']), MISMATCH).reasons).toEqual([
      'code_hash_mismatch',
    ])
  })
})
