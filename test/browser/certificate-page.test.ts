import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call } from '../support/client.ts'
import { type Network, startNetwork } from '../support/network.ts'
import { launchChromium } from './chromium.ts'
import { DESKTOP, keepScreenshot, overflow, seen, type Visitor, visiting as visitingOf } from './visit.ts'

const START_TIMEOUT_MS = 120_000
const TEST_TIMEOUT_MS = 60_000

const launched = await launchChromium()
if ('missing' in launched) console.warn(`Browser tests are skipped: ${launched.missing}`)

describe.skipIf('missing' in launched)('the public pages in a browser', { timeout: TEST_TIMEOUT_MS }, () => {
  let network: Network
  const visiting = visitingOf('browser' in launched ? launched.browser : null, () => network.baseUrl)
  let id: string
  let revokedId: string

  beforeAll(async () => {
    network = await startNetwork()
    id = await issue(network, 'browser-1')
    revokedId = await issue(network, 'browser-2')
    await revoke(network, revokedId)
  }, START_TIMEOUT_MS)

  afterAll(async () => {
    if ('browser' in launched) await launched.browser.close()
    await network?.stop()
  }, START_TIMEOUT_MS)

  const visitors: Visitor[] = [320, 1280].flatMap((width) =>
    (['light', 'dark'] as const).flatMap((scheme) =>
      [true, false].map((script) => ({ width, scheme, script })),
    ),
  )

  describe.each(visitors)('$width px, $scheme, JavaScript $script', (visitor) => {
    it.each(['/', '/verify', '/certs/:id', '/log', '/log?index=0', '/docs'])(
      '%s is whole, quiet and fits',
      async (path) => {
        await visiting(visitor, async ({ page, faults }) => {
          const response = await page.goto(network.baseUrl + path.replace(':id', id), {
            waitUntil: path === '/docs' && visitor.script ? 'networkidle' : 'load',
          })
          expect(response?.status()).toBe(200)
          await expectContent(page, path, visitor.script)
          expect(await overflow(page)).toBe(0)
          await keepScreenshot(
            page,
            `${nameOf(path)}-${visitor.width}-${visitor.scheme}${visitor.script ? '' : '-no-js'}`,
          )
          expect(faults).toEqual([])
        })
      },
    )
  })

  async function expectContent(page: Page, path: string, script: boolean): Promise<void> {
    const text = await seen(page, 'body')
    if (path === '/') expect(text).toContain('How it works')
    if (path === '/verify') {
      expect(await page.locator('textarea').isVisible()).toBe(script)
      expect(text.includes('This needs JavaScript')).toBe(!script)
    }
    if (path === '/certs/:id') {
      expect(await seen(page, 'h1')).toBe(id)
      expect(await seen(page, '.standing')).toContain('Valid')
      expect(text).toContain('Not evaluated')
      expect(await page.locator('[data-verify] button').isVisible()).toBe(script)
      expect(await page.locator('[data-copy=badge-markdown]').isVisible()).toBe(script)
      const badge = page.locator('img[alt^="CodeRisk badge"]')
      expect(
        await badge.evaluate<number, { naturalWidth: number }>((image) => image.naturalWidth),
      ).toBeGreaterThan(50)
    }
    if (path === '/log') expect(await page.locator('tbody tr').count()).toBeGreaterThan(2)
    if (path === '/log?index=0') {
      expect(await page.locator('[data-entry] button').isVisible()).toBe(script)
      expect(text.includes('Checking here needs JavaScript')).toBe(!script)
    }
    if (path === '/docs' && script) await page.getByText('/v1/trust/certs').first().waitFor()
    if (path === '/docs' && !script) expect(text).toContain('openapi.json')
  }

  it('leads from an id in the form on the first page to its certificate, without JavaScript', async () => {
    await visiting({ width: 320, scheme: 'light', script: false }, async ({ page, faults }) => {
      await page.goto(network.baseUrl)
      await page.getByLabel('Certificate id').fill(id)
      await page.getByRole('button', { name: 'Look up' }).click()
      await page.waitForURL(`${network.baseUrl}/certs/${id}`)
      expect(faults).toEqual([])
    })
  })

  it('can be walked with the keyboard alone, and shows where it is', async () => {
    await visiting(DESKTOP, async ({ page }) => {
      await page.goto(`${network.baseUrl}/certs/${id}`)
      await page.keyboard.press('Tab')
      expect(await seen(page, ':focus')).toBe('Skip to content')
      for (let i = 0; i < 40 && !(await isFocused(page, 'Verify in your browser')); i++)
        await page.keyboard.press('Tab')
      expect(await outlineWidth(page)).toBe('2px')
      await page.keyboard.press('Enter')
      await page.locator('[data-outcome=good]').waitFor()
    })
  })

  describe('the button', () => {
    it('verifies the signature in this browser, also when no verdict of the network says so', async () => {
      await visiting(DESKTOP, async ({ page, faults }) => {
        const asked = await verify(page, id)
        await page.locator('[data-outcome=good]').waitFor()
        const proof = await seen(page, '[data-proof]')
        expect(proof).toContain('Verified in this browser.')
        expect(proof).toMatch(/[\d,]+ bytes: every signed member in RFC 8785 form/)
        expect(proof).toMatch(/\b[0-9a-f]{64}\b/)
        expect(proof).toContain('The network says: not revoked')
        expect(await page.locator('.step--passed').count()).toBe(7)
        expect(asked).toEqual(expect.arrayContaining([`/v1/trust/certs/${id}`, '/.well-known/jwks.json']))
        await keepScreenshot(page, 'verified-1280-light')
        expect(faults).toEqual([])
      })
    })

    const members: [string, (certificate: Record<string, unknown>) => void][] = [
      ['a lower risk score', (certificate) => Object.assign(certificate, { risk_score: 0 })],
      ['a later end', (certificate) => Object.assign(certificate, { expires_at: '2099-01-01T00:00:00Z' })],
      ['another hash', (certificate) => Object.assign(certificate, { code_hash: '0'.repeat(64) })],
      ['a member more', (certificate) => Object.assign(certificate, { approved: true })],
      ['a member less', (certificate) => delete certificate.user_id],
    ]
    it.each(members)('fails for a certificate with %s, whatever the network says', async (_, change) => {
      await visiting(DESKTOP, async ({ page, faults }) => {
        await page.route(`**/v1/trust/certs/${id}`, async (route) => {
          const certificate = await (await route.fetch()).json()
          change(certificate)
          await route.fulfill({ json: certificate })
        })
        await verify(page, id)
        await expectFailure(page, 'Check the signature')
        await keepScreenshot(page, 'tampered-1280-light')
        expect(faults).toEqual([])
      })
    })

    it('fails for a genuine certificate of other code', async () => {
      await visiting(DESKTOP, async ({ page }) => {
        await page.route(`**/v1/trust/certs/${id}`, async (route) =>
          route.fulfill({
            response: await route.fetch({ url: `${network.baseUrl}/v1/trust/certs/${revokedId}` }),
          }),
        )
        await verify(page, id)
        await expectFailure(page, 'Compare the id')
      })
    })

    it('fails when the page shows another value than was signed', async () => {
      await visiting(DESKTOP, async ({ page }) => {
        await page.route(`**/certs/${id}`, async (route) => {
          if (route.request().resourceType() !== 'document') return route.fallback()
          const response = await route.fetch()
          const body = (await response.text()).replace(/(data-signed="risk_score">)[^<]+/, '$10.0')
          await route.fulfill({ response, body })
        })
        await verify(page, id)
        await expectFailure(page, 'Compare this page with it')
        expect(await seen(page, '.step--failed')).toContain('risk_score')
      })
    })

    it('says that nothing was checked when the keys cannot be had', async () => {
      await visiting(DESKTOP, async ({ page }) => {
        await page.route('**/.well-known/jwks.json', (route) => route.abort())
        await verify(page, id)
        await page.getByText('Nothing was checked').waitFor()
        expect(await page.locator('[data-outcome]').count()).toBe(0)
      })
    })

    it('keeps the signature of a revoked certificate apart from its revocation', async () => {
      await visiting(DESKTOP, async ({ page, faults }) => {
        await verify(page, revokedId)
        await page.locator('[data-outcome=bad]').waitFor()
        const proof = await seen(page, '[data-proof]')
        expect(proof).toContain('The signature holds, but the network says revoked.')
        expect(await seen(page, '.standing')).toContain('Revoked')
        await keepScreenshot(page, 'revoked-1280-light')
        expect(faults).toEqual([])
      })
    })
  })

  /** @returns the paths asked for since the button was pressed; it grows */
  async function verify(page: Page, certificateId: string): Promise<string[]> {
    await page.goto(`${network.baseUrl}/certs/${certificateId}`)
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await page.getByRole('button', { name: 'Verify in your browser' }).click()
    return asked
  }
})

async function expectFailure(page: Page, step: string): Promise<void> {
  await page.locator('[data-outcome=bad]').waitFor()
  const proof = await seen(page, '[data-proof]')
  expect(proof).toContain('Verification failed. Do not rely on this certificate.')
  expect(proof).not.toContain('Verified in this browser')
  expect(await seen(page, '.step--failed strong')).toBe(step)
}

async function isFocused(page: Page, text: string): Promise<boolean> {
  return (await page.evaluate<string | null>('document.activeElement?.textContent ?? null')) === text
}

async function outlineWidth(page: Page): Promise<string> {
  return page.evaluate<string>('getComputedStyle(document.activeElement).outlineWidth')
}

function nameOf(path: string): string {
  if (path === '/') return 'home'
  return path.replace('/certs/:id', '/certificate').replace('?index=0', '-entry').slice(1)
}

async function issue(network: Network, key: string): Promise<string> {
  const answer = await call(network.baseUrl, '/v1/trust/verify', {
    key: network.tenants.api_key,
    headers: { 'idempotency-key': key },
    body: {
      ai_tool: 'claude-code-v1.0',
      files: [{ path: 'src/charge.ts', content: 'export const charge = (cents: bigint) => cents\n' }],
      files_changed: ['src/charge.ts'],
      repository: 'example/payments',
    },
  })
  expect(answer.status, answer.text).toBe(201)
  return answer.json.certificate_id
}

async function revoke(network: Network, id: string): Promise<void> {
  const answer = await call(network.baseUrl, `/v1/trust/certs/${id}/revoke`, {
    key: network.tenants.api_key,
    headers: { 'idempotency-key': `revoke-${id}` },
    body: { reason: 'superseded' },
  })
  expect(answer.status, answer.text).toBe(200)
}
