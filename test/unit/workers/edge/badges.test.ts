import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BadgeInput, renderBadge } from '../../../../workers/edge/badges.ts'
import { wellFormed } from './xml.ts'

const LOW = { status: 'valid', riskLevel: 'LOW', riskScore: 3.2 } as const

describe('message', () => {
  it.each([
    [LOW, 'valid · LOW 3.2'],
    [{ ...LOW, riskLevel: 'CRITICAL', riskScore: 10 }, 'valid · CRITICAL 10.0'],
    [{ ...LOW, riskLevel: null, riskScore: null }, 'valid'],
    [{ ...LOW, riskScore: Number.NaN }, 'valid · LOW'],
    [{ ...LOW, status: 'revoked' }, 'revoked'],
    [{ ...LOW, status: 'expired' }, 'expired'],
    [{ ...LOW, status: 'unknown' }, 'unknown'],
    [{ ...LOW, status: 'anything' as 'valid' }, 'unknown'],
  ] as [BadgeInput, string][])('%j → %s', (input, message) => {
    const { svg } = renderBadge(input)
    expect(svg).toContain(`aria-label="CodeRisk: ${message}"`)
    expect(svg).toContain(`<title>CodeRisk: ${message}</title>`)
    expect(svg).toContain('role="img"')
  })

  it('has another colour for each standing, none of them alone in saying it', () => {
    const colours = (input: BadgeInput) =>
      renderBadge({ ...input, style: 'flat-square' }).svg.match(/fill="#\w+"/g)
    expect(colours(LOW)).not.toEqual(colours({ ...LOW, riskLevel: 'HIGH' }))
    expect(colours(LOW)).not.toEqual(colours({ ...LOW, status: 'revoked' }))
    expect(colours({ ...LOW, status: 'unknown' })).not.toEqual(colours({ ...LOW, status: 'revoked' }))
  })
})

describe('style', () => {
  it('draws three, and takes an unknown one for flat', () => {
    const [flat, square, large] = ['flat', 'flat-square', 'for-the-badge'].map(
      (style) => renderBadge({ ...LOW, style }).svg,
    )
    expect(flat).toContain('linearGradient')
    expect(square).not.toContain('linearGradient')
    expect(large).toContain('height="28"')
    for (const style of [undefined, '', 'plastic', 'social', '__proto__', 'FLAT']) {
      expect(renderBadge({ ...LOW, style }).svg).toBe(flat)
    }
  })
})

describe('label', () => {
  it.each([
    [undefined, 'CodeRisk'],
    ['', 'CodeRisk'],
    [' \u0000\ud800 ', 'CodeRisk'],
    ['Trust & <safety> "x"', 'Trust &amp; &lt;safety&gt; &quot;x&quot;'],
    ['a\u0000b\u001bc\u202ed\ud800e\uffff', 'abcde'],
    ['😀'.repeat(80), '😀'.repeat(60)],
    ['x'.repeat(1_000_000), 'x'.repeat(60)],
  ])('%j → %s', (label, shown) => {
    expect(renderBadge({ ...LOW, label }).svg).toContain(`<title>${shown}: valid · LOW 3.2</title>`)
  })

  it('gives well-formed XML for any label and style', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({ unit: 'grapheme' }),
      hostile(),
    )
    fc.assert(
      fc.property(
        text,
        fc.oneof(fc.constantFrom('flat', 'flat-square', 'for-the-badge'), text),
        (label, style) => {
          expect(wellFormed(renderBadge({ ...LOW, label, style }).svg)).toBeNull()
        },
      ),
      { numRuns: 500 },
    )
  })

  it('is judged by a check that does refuse what is not XML', () => {
    const { svg } = renderBadge(LOW)
    expect(wellFormed(svg)).toBeNull()
    for (const broken of [
      svg.replace('</title>', ''),
      `${svg}<a/>`,
      svg.replace('LOW', '&x;'),
      svg.replace('LOW', '\u0001'),
      svg.replace('LOW', 'a & b'),
    ]) {
      expect(wellFormed(broken)).not.toBeNull()
    }
  })

  it('throws for nothing at all', () => {
    for (const odd of [null, 1, {}, [], true]) {
      const input = {
        status: odd,
        riskLevel: odd,
        riskScore: odd,
        style: odd,
        label: odd,
      } as unknown as BadgeInput
      expect(wellFormed(renderBadge(input).svg)).toBeNull()
    }
  })
})

describe('etag', () => {
  it('is a strong validator, the same for the same picture and another for another', () => {
    const inputs: BadgeInput[] = [
      LOW,
      { ...LOW, riskScore: 3.3 },
      { ...LOW, status: 'revoked' },
      { ...LOW, label: 'other' },
      { ...LOW, style: 'flat-square' },
    ]
    const tags = inputs.map((input) => renderBadge(input).etag)
    expect(new Set(tags).size).toBe(inputs.length)
    for (const tag of tags) expect(tag).toMatch(/^"[0-9a-f]{16}"$/)
    for (let i = 0; i < 2_000; i++) renderBadge({ ...LOW, label: `label ${i}` })
    expect(inputs.map((input) => renderBadge(input).etag)).toEqual(tags)
  })
})

function hostile() {
  return fc
    .array(
      fc.constantFrom(
        '<',
        '>',
        '&',
        '"',
        "'",
        ']]>',
        '<!--',
        '&#0;',
        '\u0000',
        '\ud800',
        '\udfff',
        '\ufffe',
        '\u2028',
        'é',
      ),
    )
    .map((parts) => parts.join(''))
}
