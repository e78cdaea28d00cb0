import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Certificate, Checks } from '../../schema/wire/certificate.ts'
import { signedCertificateSchema } from '../../schema/wire/certificate.ts'
import { CHECK_REASONS } from '../../schema/wire/codes.ts'
import { type Network, startNetwork } from '../support/network.ts'
import { realChanges } from '../support/real-changes.ts'

const CHANGES = 320
const AT_ONCE = 4
const MAX_CONTENT_BYTES = 2 * 1024 * 1024

let network: Network
beforeAll(async () => {
  network = await startNetwork()
})
afterAll(() => network?.stop())

describe('real code', () => {
  test('is certified, change after change, and nothing that is in it breaks the engine', async () => {
    const changes = realChanges(CHANGES).filter(({ files }) =>
      ['content', 'previous_content'].every(
        (member) =>
          files.reduce((sum, file) => sum + Buffer.byteLength(file[member as 'content']), 0) <=
          MAX_CONTENT_BYTES,
      ),
    )
    expect(changes.length).toBeGreaterThanOrEqual(300)
    const certificates: Certificate[] = []
    const refused: string[] = []
    const waiting = [...changes]
    const worker = async () => {
      for (let change = waiting.pop(); change !== undefined; change = waiting.pop()) {
        const response = await fetch(`${network.baseUrl}/v1/trust/verify`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${network.tenants.api_key}`,
            'content-type': 'application/json',
          },
          body: JSON.stringify({ ai_tool: 'real-code-v1', ...change }),
        })
        const body = await response.text()
        if (response.status === 201) certificates.push(JSON.parse(body))
        else refused.push(`${response.status} ${change.files.map((file) => file.path).join(' ')} ${body}`)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    expect(refused).toEqual([])
    expect(certificates).toHaveLength(changes.length)
    for (const certificate of certificates) {
      expect(signedCertificateSchema.safeParse(certificate).error?.issues).toBeUndefined()
      expectClosedCodes(certificate.checks_passed)
    }
    expectVariety(certificates)
  }, 300_000)
})

function expectClosedCodes(checks: Checks): void {
  for (const [name, { reasons }] of Object.entries(checks)) {
    const known: readonly string[] = CHECK_REASONS[name as keyof Checks]
    for (const reason of reasons) expect(known, `${name}: ${reason}`).toContain(reason.split(':')[0])
  }
}

/** Were all of them judged alike, nothing would have been looked at. */
function expectVariety(certificates: readonly Certificate[]): void {
  const scans = certificates.map(({ checks_passed: checks }) => checks.security_scan.result)
  expect(scans.filter((result) => result === 'passed').length).toBeGreaterThan(certificates.length / 4)
  expect(scans).toContain('failed')
  expect(new Set(certificates.map(({ risk_score: score }) => score)).size).toBeGreaterThan(15)
  const similarities = certificates.map(({ checks_passed: checks }) => checks.incident_similarity.result)
  expect(similarities.filter((result) => result === 'passed').length).toBeGreaterThan(certificates.length / 2)
}
