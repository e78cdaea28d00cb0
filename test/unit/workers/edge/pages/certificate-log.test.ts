import { describe, expect, it } from 'vitest'
import type { Certificate } from '../../../../../schema/wire/certificate.ts'
import type { Verification } from '../../../../../schema/wire/verification.ts'
import { certificatePage } from '../../../../../workers/edge/pages/index.ts'
import { certificate, ID, SITE, textOf, unsound, verification } from './fixtures.ts'

const LEAF = 'cd'.repeat(32)
const included: Certificate['log'] = { state: 'included', leaf_hash: LEAF, index: 12_345 }
const pending: Certificate['log'] = { state: 'pending', leaf_hash: LEAF }

function render(
  log: Certificate['log'],
  found: Verification = verification(),
  treeSize: number | null = 20_000,
) {
  const { log: _, blockchain_hash, ...rest } = certificate()
  const one = { ...rest, ...(log === undefined ? {} : { log }) }
  const { html } = certificatePage(SITE, { certificate: one, verification: found, treeSize })
  return { html, text: textOf(html) }
}

/** The forms that can be taken away, by their addresses. */
const forms = (html: string) =>
  [...html.matchAll(/href="\/v1\/trust\/certs\/[^"]*?([./][a-z.-]+)" download="([^"]*)"/g)].map(
    ([, form, file]) => [form, file],
  )

describe('where the log has a certificate', () => {
  it('is said with its place, which leads to the entry', () => {
    const { html, text } = render(included)
    expect(text).toContain('Entry 12,345 of 20,000')
    expect(text).toContain(LEAF)
    expect(html).toContain(`href="/log?index=12345&amp;certificate=${ID}"`)
    expect(render(included, verification(), null).text).not.toContain('20,000')
  })

  it('is not known yet: its entry is on its way', () => {
    const { html, text } = render(pending)
    expect(text).toContain('Pending')
    expect(html).toContain(`href="/log?find=${ID}"`)
    expect(html).not.toContain('/log?index=')
  })

  it('is not said where nothing is known of it', () => {
    expect(render(undefined).text).not.toContain('Transparency log')
  })

  it('has its anchor beside it, as text and no link', () => {
    const { html } = certificatePage(SITE, { certificate: certificate(), verification: verification() })
    expect(html).toContain('<code>0x789def</code>')
    expect(html).not.toContain('href="0x789def')
  })
})

describe('the forms to take away', () => {
  const all = [
    ['/bundle', `${ID}.bundle.json`],
    ['.tlog-proof', `${ID}.tlog-proof`],
    ['.jws', `${ID}.jws`],
    ['.sigstore.json', `${ID}.sigstore.json`],
  ]

  it('are four, once the log has the entry', () => {
    expect(forms(render(included).html)).toEqual(all)
    expect(forms(render(pending).html)).toEqual(all.slice(2))
  })

  it('are there for an expired certificate', () => {
    expect(
      forms(render(included, unsound('expiry', 'failed', 'expired', { status: 'expired' })).html),
    ).toEqual(all)
  })

  it('are not there for a revoked one, and that is said', () => {
    const { html, text } = render(included, unsound('status', 'failed', 'revoked', { status: 'revoked' }))
    expect(forms(html)).toEqual([])
    expect(text).toContain('A revoked certificate has no proof, bundle or other form to take away.')
  })

  it.each([
    ['status', 'indeterminate', 'status_stale'],
    ['signature', 'failed', 'signature_invalid'],
    ['signature', 'failed', 'test_mode'],
    ['key_validity', 'failed', 'key_compromised'],
  ] as const)('are not there when %s is %s: %s', (check, result, reason) => {
    expect(forms(render(included, unsound(check, result, reason)).html)).toEqual([])
  })
})
