import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCheckpoint, parseProof, parseVerifierKey, verifyInclusion } from '../../core/verify/log/index.ts'
import { call } from '../support/client.ts'
import { issue, revoke, SMALL_CHANGE } from '../support/issue.ts'
import { type Network, startNetwork } from '../support/network.ts'
import { launchChromium } from './chromium.ts'
import { DESKTOP, keepScreenshot, overflow, PHONE, seen, visiting as visitingOf } from './visit.ts'

const START_TIMEOUT_MS = 120_000
const TEST_TIMEOUT_MS = 60_000

const launched = await launchChromium()
if ('missing' in launched) console.warn(`Browser tests are skipped: ${launched.missing}`)

describe.skipIf('missing' in launched)('the log in a browser', { timeout: TEST_TIMEOUT_MS }, () => {
  let network: Network
  /** A certificate, and where the log has its issue. */
  let id: string
  let entry: { index: number; leaf_hash: string }
  const visiting = visitingOf('browser' in launched ? launched.browser : null, () => network.baseUrl)

  beforeAll(async () => {
    network = await startNetwork()
    const other = await issueLogged('first')
    ;({ id, entry } = await issueLogged('second'))
    expect((await revoke(network, other.id)).status).toBe(200)
    await issueLogged('third')
  }, START_TIMEOUT_MS)

  afterAll(async () => {
    if ('browser' in launched) await launched.browser.close()
    await network?.stop()
  }, START_TIMEOUT_MS)

  async function issueLogged(key: string) {
    const headers = { prefer: 'wait=10', 'idempotency-key': key }
    const answer = await issue(network, { ...SMALL_CHANGE, repository: key }, { headers })
    expect(answer.status, answer.text).toBe(201)
    expect(answer.json.log, answer.text).toMatchObject({ state: 'included' })
    return { id: answer.json.certificate_id as string, entry: answer.json.log as typeof entry }
  }

  it('lists the entries, newest first, and leads to each', async () => {
    await visiting(DESKTOP, async ({ page, faults }) => {
      await page.goto(`${network.baseUrl}/log`)
      const rows = await page.locator('tbody tr').allTextContents()
      expect(rows.filter((row) => row.includes('Certificate issued')).length).toBe(3)
      expect(rows.filter((row) => row.includes('Certificate revoked')).length).toBe(1)
      expect(rows[0]).toContain('Certificate issued')
      const origin = (await call(network.baseUrl, '/log/checkpoint')).text.split('\n')[0]!
      expect(await seen(page, '.facts')).toContain(origin)
      await keepScreenshot(page, 'log-list-1280-light')
      await page.locator(`a[href="/log?index=${entry.index}"]`).click()
      await page.waitForURL(`${network.baseUrl}/log?index=${entry.index}`)
      expect(await seen(page, '[data-leaf-hash]')).toBe(entry.leaf_hash)
      expect(faults).toEqual([])
    })
  })

  it.each(['the id', 'the leaf hash', 'the index'])(
    'finds an entry by %s, without JavaScript',
    async (by) => {
      const asked = { 'the id': id, 'the leaf hash': entry.leaf_hash, 'the index': String(entry.index) }[by]!
      await visiting({ width: 320, scheme: 'light', script: false }, async ({ page, faults }) => {
        await page.goto(`${network.baseUrl}/log`)
        await page.getByLabel('Find an entry').fill(asked)
        await page.getByRole('button', { name: 'Find' }).click()
        await page.waitForURL(/\/log\?index=/)
        expect(await seen(page, '[data-leaf-hash]')).toBe(entry.leaf_hash)
        expect(await seen(page, 'h1')).toBe('Certificate issued')
        expect(await overflow(page)).toBe(0)
        expect(faults).toEqual([])
      })
    },
  )

  it('leads from a certificate to its entry, and proves there that it is that certificate’s', async () => {
    await visiting(PHONE, async ({ page, faults }) => {
      await page.goto(`${network.baseUrl}/certs/${id}`)
      await page.getByRole('link', { name: `Entry ${entry.index}` }).click()
      await page.waitForURL(/\/log\?index=/)
      const asked = await verify(page)
      await page.locator('[data-outcome=good]').waitFor()
      const proof = await seen(page, '[data-proof]')
      expect(proof).toContain(`Proven in this browser: the log has entry ${entry.index}.`)
      expect(proof).toContain(`The signed bytes of ${id} make this very entry`)
      expect(proof).toContain(entry.leaf_hash)
      expect(await page.locator('.step--passed').count()).toBe(6)
      expect(await page.locator('.step--failed').count()).toBe(0)
      expect(asked.filter((path) => path.startsWith('/v1/log'))).toEqual([])
      expect(asked).toContain('/log/checkpoint')
      expect(asked.some((path) => path.startsWith('/log/tile/0/'))).toBe(true)
      expect(await overflow(page)).toBe(0)
      await keepScreenshot(page, 'log-proven-320-dark')
      expect(faults).toEqual([])
    })
  })

  it('lets the proof be saved, and that proof holds by itself', async () => {
    await visiting(DESKTOP, async ({ page, faults }) => {
      await page.goto(`${network.baseUrl}/log?index=${entry.index}`)
      await verify(page)
      await page.locator('[data-outcome=good]').waitFor()
      await keepScreenshot(page, 'log-proven-1280-light')
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Save this proof' }).click(),
      ])
      expect(download.suggestedFilename()).toBe(`entry-${entry.index}.tlog-proof`)
      const saved = await streamText(await download.createReadStream())
      const proof = parseProof(saved)!
      const root = (await call(network.baseUrl, '/.well-known/coderisk/trust-root.json')).json
      const { log } = JSON.parse(Buffer.from(root.payload, 'base64url').toString())
      const checkpoint = (await openCheckpoint(proof.checkpoint, parseVerifierKey(log.verifier_key)!))!
      const { size, root: hash } = checkpoint
      const leafHash = Buffer.from(entry.leaf_hash, 'hex')
      expect(verifyInclusion({ leafHash, index: entry.index, size, hashes: proof.hashes, root: hash })).toBe(
        true,
      )
      expect(faults).toEqual([])
    })
  })

  describe('says that it does not hold', () => {
    it('when a tile has another hash', async () => {
      await visiting(DESKTOP, async ({ page, faults }) => {
        await page.route('**/log/tile/0/**', async (route) => {
          const response = await route.fetch()
          const body = await response.body()
          body[entry.index === 0 ? 32 : 0]! ^= 1
          await route.fulfill({ response, body })
        })
        await expectFailure(page, 'Hash up to the root')
        expect(await seen(page, '.step--failed')).toContain(
          'does not come to the root that the log has signed',
        )
        await keepScreenshot(page, 'log-tampered-1280-light')
        expect(faults).toEqual([])
      })
    })

    it('when the entry is another', async () => {
      await visiting(DESKTOP, async ({ page }) => {
        await page.route('**/log/tile/entries/**', async (route) => {
          const response = await route.fetch()
          const text = (await response.body())
            .toString('latin1')
            .replaceAll('certificate.issued', 'certificate.issueD')
          await route.fulfill({ body: Buffer.from(text, 'latin1'), contentType: 'application/octet-stream' })
        })
        await expectFailure(page, 'Hash up to the root')
      })
    })

    it('when the checkpoint is not the log’s', async () => {
      await visiting(DESKTOP, async ({ page }) => {
        await page.route('**/log/checkpoint', async (route) => {
          const response = await route.fetch()
          const lines = (await response.text()).split('\n')
          lines[1] = String(Number(lines[1]) + 1)
          await route.fulfill({ response, body: lines.join('\n') })
        })
        await expectFailure(page, 'Open the checkpoint')
      })
    })

    it('when the root key is not the one that signed the trust root', async () => {
      await visiting(DESKTOP, async ({ page }) => {
        await page.route('**/root-key.json', async (route) => {
          const key = await (await route.fetch()).json()
          await route.fulfill({ json: { ...key, x: `A${key.x.slice(1, -1)}A` } })
        })
        await expectFailure(page, 'Open the trust root')
      })
    })

    it('when the page shows another entry', async () => {
      await visiting(DESKTOP, async ({ page }) => {
        await page.route('**/log?index=*', async (route) => {
          const response = await route.fetch()
          await route.fulfill({
            response,
            body: (await response.text()).replaceAll('certificate.issued', 'certificate.revoked'),
          })
        })
        await expectFailure(page, 'Compare this page with it')
      })
    })
  })

  it('says that nothing is proven when the tiles cannot be had', async () => {
    await visiting(DESKTOP, async ({ page }) => {
      await page.route('**/log/tile/0/**', (route) => route.abort())
      await page.goto(`${network.baseUrl}/log?index=${entry.index}`)
      await verify(page)
      await page.locator('[data-outcome=unsure]').waitFor()
      expect(await seen(page, '[data-proof]')).toContain('Nothing is proven: something could not be fetched.')
      expect(await page.locator('[data-proof] a').count()).toBe(0)
    })
  })

  async function expectFailure(page: Page, step: string): Promise<void> {
    await page.goto(`${network.baseUrl}/log?index=${entry.index}`)
    await verify(page)
    await page.locator('[data-outcome=bad]').waitFor()
    const proof = await seen(page, '[data-proof]')
    expect(proof).toContain('This does not hold. Do not rely on what this page says.')
    expect(proof).not.toContain('Proven')
    expect(await seen(page, '.step--failed strong')).toBe(step)
    expect(await page.locator('[data-proof] a').count()).toBe(0)
  }

  /** @returns the paths asked for since the button was pressed; it grows */
  async function verify(page: Page): Promise<string[]> {
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await page.getByRole('button', { name: 'Verify in your browser' }).click()
    return asked
  }
})

async function streamText(stream: AsyncIterable<Buffer | string>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}
