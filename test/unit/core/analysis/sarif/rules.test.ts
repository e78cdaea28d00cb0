import type { ReportingDescriptor, Result } from 'sarif'
import { describe, expect, test } from 'vitest'
import { only, RESULT, withRule } from './log.ts'

describe('severity', () => {
  test.each<[unknown, Result.level | undefined, string, number | null]>([
    ['9.8', 'note', 'critical', 9.8],
    ['9.0', undefined, 'critical', 9],
    ['7.0', undefined, 'high', 7],
    ['6.9', 'error', 'medium', 6.9],
    ['4', undefined, 'medium', 4],
    ['3.9', 'error', 'low', 3.9],
    ['0.0', 'error', 'low', 0],
    [7.5, undefined, 'high', 7.5],
    ['high', 'error', 'high', null],
    ['11', 'warning', 'medium', null],
    ['-1', 'warning', 'medium', null],
    ['1e1', 'warning', 'medium', null],
    [null, 'note', 'low', null],
    [undefined, 'none', 'low', null],
    [undefined, undefined, 'medium', null],
  ])('score %j, level %s: %s', (score, level, severity, securitySeverity) => {
    const found = withRule(
      { properties: { 'security-severity': score } as never },
      level === undefined ? {} : { level },
    )
    expect(found).toMatchObject({ severity, securitySeverity })
  })

  test('the level is the rule’s where the result has none', () => {
    expect(withRule({ defaultConfiguration: { level: 'error' } }).level).toBe('error')
    expect(withRule({ defaultConfiguration: { level: 'error' } }, { level: 'note' }).level).toBe('note')
    expect(withRule({}).level).toBe('warning')
  })
})

describe('rules', () => {
  const rules = [{ id: 'x' }, { id: 'r', properties: { tags: ['CWE-1'] } }]
  const extension = {
    name: 'more',
    guid: 'g',
    rules: [
      { id: 'r', properties: { tags: ['CWE-2'] } },
      { id: 's', properties: { tags: ['CWE-3'] } },
    ],
  }
  test.each<[string, Partial<Result>, string, string[]]>([
    ['by index', { ruleId: 'r', ruleIndex: 1 }, 'r', ['CWE-1']],
    ['by identifier', { ruleId: 'r' }, 'r', ['CWE-1']],
    ['by an index alone', { ruleIndex: 1 }, 'r', ['CWE-1']],
    ['by an index that is wrong', { ruleId: 'r', ruleIndex: 0 }, 'r', ['CWE-1']],
    ['by an index that there is not', { ruleId: 'r', ruleIndex: 9 }, 'r', ['CWE-1']],
    ['by reference', { rule: { id: 'r', index: 1 } }, 'r', ['CWE-1']],
    [
      'in an extension, by index',
      { rule: { id: 'r', index: 0, toolComponent: { index: 0 } } },
      'r',
      ['CWE-2'],
    ],
    ['in an extension, by name', { rule: { index: 0, toolComponent: { name: 'more' } } }, 'r', ['CWE-2']],
    ['in an extension, by GUID', { rule: { index: 0, toolComponent: { guid: 'g' } } }, 'r', ['CWE-2']],
    ['in an extension, by identifier', { ruleId: 's' }, 's', ['CWE-3']],
    ['below an identifier', { ruleId: 'r/sub' }, 'r/sub', ['CWE-1']],
    ['that nobody describes', { ruleId: 'q' }, 'q', []],
    ['of no name', {}, 'unknown', []],
  ])('%s', (_, reference, ruleId, cwe) => {
    const { ruleId: _none, ...result } = RESULT
    const found = only({
      tool: { driver: { name: 'tool', rules }, extensions: [extension] },
      results: [{ ...result, ...reference }],
    })
    expect(found).toMatchObject({ ruleId, cwe })
  })

  test.each<[string, Partial<ReportingDescriptor>, Partial<Result>, string[]]>([
    ['CodeQL', { properties: { tags: ['external/cwe/cwe-079', 'external/cwe/cwe-79'] } }, {}, ['CWE-79']],
    [
      'Semgrep',
      { properties: { tags: ['CWE-89: Improper Neutralization', 'OWASP-A03:2021'] } },
      {},
      ['CWE-89'],
    ],
    ['a list of its own', { properties: { cwe: ['CWE-22', 'CWE-23'] } as never }, {}, ['CWE-22', 'CWE-23']],
    ['a number of its own', { properties: { cwe: 327 } as never }, {}, ['CWE-327']],
    ['taxa', {}, { taxa: [{ id: '611', toolComponent: { name: 'cwe' } }] }, ['CWE-611']],
    ['other taxa', {}, { taxa: [{ id: '611', toolComponent: { name: 'OWASP' } }] }, []],
    ['nothing like it', { properties: { tags: ['cwe-', 'cwe-0', 'security', 'cwe-1234567'] } }, {}, []],
  ])('CWE: %s', (_, rule, result, cwe) => {
    expect(withRule(rule, result).cwe).toEqual(cwe)
  })
})
