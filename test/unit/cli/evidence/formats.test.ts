import fc from 'fast-check'
import { expect, it } from 'vitest'
import { coverageFormat, sarifFormat } from '../../../../cli/evidence/formats.ts'
import { CLOVER, COBERTURA, GO, ISTANBUL, JACOCO, LCOV, SARIF } from './evidence-support.ts'

it.each([
  [LCOV, 'LCOV'],
  ['# made by hand\r\nSF:a\r\n', 'LCOV'],
  [COBERTURA, 'Cobertura'],
  ['<!DOCTYPE coverage SYSTEM "x.dtd">\n<coverage branch-rate="0"\n  line-rate="0.5">', 'Cobertura'],
  [JACOCO, 'JaCoCo'],
  [`\ufeff${ISTANBUL}`, 'Istanbul JSON'],
  [GO, 'Go coverprofile'],
  ['mode: atomic\r\n', 'Go coverprofile'],
  [CLOVER, null],
  [SARIF, null],
  ['<html name="x">', null],
  ['mode: other\n', null],
  ['PASS\n', null],
  [' ', null],
])('coverage %j is %s', (text, format) => {
  expect(coverageFormat(text)).toBe(format)
})

it.each([
  [SARIF, 'SARIF'],
  ['\ufeff \n{"$schema":"https://json.schemastore.org/sarif-2.1.0.json"}', 'SARIF'],
  ['[]', null],
  ['{}', null],
  [LCOV, null],
])('%j is %s', (text, format) => {
  expect(sarifFormat(text)).toBe(format)
})

it('anything has a format or none', () => {
  const parts = ['<coverage ', '<report ', 'line-rate=', '>', '\n', 'SF:', 'mode: ', '{', '"runs"']
  const text = fc.array(fc.oneof(fc.constantFrom(...parts), fc.string()), { maxLength: 60 })
  const formats = ['LCOV', 'Cobertura', 'JaCoCo', 'Istanbul JSON', 'Go coverprofile', null]
  fc.assert(
    fc.property(text, (pieces) => {
      expect(formats).toContain(coverageFormat(pieces.join('')))
      expect(['SARIF', null]).toContain(sarifFormat(pieces.join('')))
    }),
  )
})

it.each(['<coverage ', '<report ', 'mode: ', '\n', '{'])('%j again and again is no format', (piece) => {
  expect(coverageFormat(`<${piece.repeat(400_000)}`)).toBeNull()
})
