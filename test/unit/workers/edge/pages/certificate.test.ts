import { describe, expect, it } from 'vitest'
import type { Certificate } from '../../../../../schema/wire/certificate.ts'
import type { Verification } from '../../../../../schema/wire/verification.ts'
import { certificatePage } from '../../../../../workers/edge/pages/index.ts'
import { certificate, ID, SITE, structure, textOf, unsound, verification } from './fixtures.ts'

const render = (one: Certificate = certificate(), found: Verification = verification()): string =>
  certificatePage(SITE, { certificate: one, verification: found }).html

describe('what the page shows', () => {
  const text = textOf(render())
  it.each([
    ID,
    'Valid',
    '3.2',
    'LOW',
    '94%',
    'claude-code-v1.0',
    'TypeScript, Hono',
    '+1.9 Size, spread and purpose of the change',
    'A new code',
    '78% of the changed lines covered. The target is 70%. Of the whole project, 65.4%.',
    'riskier than 61.8% of the changes',
    '2 issues found. Secrets (2).',
    'Neither history nor import graph was supplied.',
    'Matches 1 known pattern: ARC-2026-001 .',
    'taken from a report that was supplied',
    '+1,412',
    '−38',
    'src/refund.ts',
    '2026-11-01 10:20 UTC',
    '2026-12-01 10:20 UTC',
    '9f'.repeat(32),
    'ab'.repeat(20),
    'https://git.example/payments',
    'org_01k8zq3v5m',
    'key-202611-1a2b3c4d',
    'QUJD'.repeat(171),
    'cd'.repeat(32),
    '0x789def',
    'as of 2026-11-20 08:09:10 UTC, live from the network',
    `[![CodeRisk](${SITE.baseUrl}/badges/${ID}.svg)](${SITE.baseUrl}/certs/${ID})`,
    'openssl dgst -sha256 -verify key.pem',
  ])('%s', (expected) => {
    expect(text).toContain(expected)
  })

  it('says nothing of the person who asked for the certificate', () => {
    expect(render()).not.toContain('usr_01k8zq3v5m')
  })

  it('leaves out what a certificate does not have', () => {
    const { commit_sha, repository, log, blockchain_hash, language, framework, ...rest } = certificate()
    const bare = textOf(render(rest))
    for (const name of ['Commit', 'Repository', 'Transparency log', 'Blockchain', 'undefined', 'null']) {
      expect(bare).not.toContain(name)
    }
  })
})

describe('a check without evidence', () => {
  it('is called not evaluated and is never counted as passed or given a figure', () => {
    const { checks_passed } = certificate()
    const missing = { passed: false, result: 'not_evaluated' as const, evidence: null, reasons: [] }
    const html = render(
      certificate({
        checks_passed: {
          test_coverage: { ...checks_passed.test_coverage, ...missing, value: null },
          security_scan: { ...missing, issues_found: null },
          coupling_analysis: { ...missing, coupling_score: null, threshold: 8 },
          incident_similarity: { ...missing, arc_matches: null, max_similarity: null },
        },
      }),
    )
    expect(html.match(/class="check check--not_evaluated"/g)).toHaveLength(4)
    expect(html).not.toContain('check--passed')
    const text = textOf(html)
    expect(text.match(/Not evaluated/g)).toHaveLength(4)
    expect(text.match(/There was no evidence to judge it by\./g)).toHaveLength(4)
    expect(text).not.toMatch(/\b0%|No issues|No published pattern/)
  })
})

describe('the standing', () => {
  const revoked = {
    status: 'revoked',
    revoked_at: '2026-11-19T01:02:03Z',
    revocation_reason: 'superseded',
  } as const
  const cases: [string, Verification, string, string, string][] = [
    ['valid', verification(), 'Valid', 'good', 'The signature holds, the period is running'],
    [
      'revoked',
      unsound('status', 'failed', 'revoked', revoked),
      'Revoked',
      'bad',
      'Withdrawn on 2026-11-19 01:02:03 UTC: a newer certificate replaces it.',
    ],
    [
      'expired',
      unsound('expiry', 'failed', 'expired', { status: 'expired' }),
      'Expired',
      'warn',
      'Its period has ended.',
    ],
    [
      'stale',
      unsound('status', 'indeterminate', 'status_stale', { status: 'unknown' }),
      'Undetermined',
      'unsure',
      'too old to rely on',
    ],
    [
      'tampered',
      unsound('signature', 'failed', 'signature_invalid'),
      'Invalid',
      'bad',
      'something was changed after signing',
    ],
    [
      'unknown key',
      unsound('signature', 'failed', 'key_unknown'),
      'Invalid',
      'bad',
      'not one that this network publishes',
    ],
    ['from the future', unsound('expiry', 'failed', 'not_yet_valid'), 'Invalid', 'bad', 'lies in the future'],
    ['test mode', unsound('signature', 'failed', 'test_mode'), 'Test only', 'warn', 'never count as real'],
    ['unheard-of', unsound('status', 'failed', 'some_new_reason'), 'Invalid', 'bad', 'Some new reason.'],
  ]
  it.each(cases)('%s', (_, found, word, tone, sentence) => {
    const html = render(certificate(), found)
    expect(html).toContain(`<strong>${word}</strong>`)
    expect(html).toContain(`class="sheet tone--${tone}"`)
    expect(html).toContain(`<title>${word} · `)
    expect(textOf(html)).toContain(sentence)
    if (word !== 'Valid') expect(html).not.toContain('<strong>Valid</strong>')
  })

  it('warns of everything below a signature that does not hold, also when the status says valid', () => {
    const html = render(
      certificate(),
      unsound('signature', 'failed', 'signature_invalid', { status: 'valid' }),
    )
    expect(textOf(html)).toContain('none of it can be relied on')
    expect(html).toContain('<div class="doubtful">')
    expect(/og:description" content="([^"]*)"/.exec(html)?.[1]).not.toContain('LOW')
    expect(render()).not.toContain('class="doubtful"')
  })

  it('does not call a revoked certificate revoked on the word of a record whose signature fails', () => {
    const found = unsound('signature', 'failed', 'signature_invalid', { status: 'revoked' })
    expect(render(certificate(), found)).toContain('<strong>Invalid</strong>')
  })
})

describe('hostile values', () => {
  const payloads = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    '--></title></textarea></style><svg onload=alert(1)>',
    '{{alert(1)}}&lt;script&gt;',
    'a\u202egnp.exe\u0000\u200b\ud800',
  ]
  const subjects = { certificate: certificate(), verification: verification() }
  const paths = stringPaths(subjects).filter((path) => !CLOSED.test(path))

  it.each(paths)('%s', (path) => {
    for (const payload of payloads) {
      const hostile = replaceAt(subjects, path, payload)
      const { html } = certificatePage(SITE, hostile)
      const plain = certificatePage(SITE, replaceAt(subjects, path, 'x')).html
      expect(structure(html)).toEqual(structure(plain))
      expect(html).not.toMatch(/(?:href|src|action)="(?:javascript|data):/i)
      expect(html.match(/<script/g)).toHaveLength(1)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come through
      expect(html).not.toMatch(/[\u0000\u202e\u200b]/)
    }
  })

  it('keeps the order of what the eye reads: reordering characters are spelled out', () => {
    expect(textOf(render(certificate({ files_changed: ['src/\u202egnp.js'] })))).toContain(
      'src/<U+202E>gnp.js',
    )
  })
})

/** Closed vocabularies decide about structure by design; their values come from the verifier, not the caller. */
const CLOSED =
  /verdict|status$|result|evidence|path_privacy|algorithm|schema_version|code_hash_method|log\.state/

function stringPaths(value: unknown, path = ''): string[] {
  if (typeof value === 'string') return [path]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) =>
    stringPaths(member, path ? `${path}.${name}` : name),
  )
}

function replaceAt<T>(value: T, path: string, replacement: string): T {
  const copy = structuredClone(value)
  const names = path.split('.')
  const last = names.pop()!
  const holder = names.reduce<Record<string, unknown>>(
    (at, name) => at[name] as Record<string, unknown>,
    copy as Record<string, unknown>,
  )
  holder[last] = replacement
  return copy
}
