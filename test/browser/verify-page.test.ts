import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call } from '../support/client.ts'
import { issue, revoke } from '../support/issue.ts'
import { type Network, startNetwork } from '../support/network.ts'
import { launchChromium } from './chromium.ts'
import { DESKTOP, keepScreenshot, overflow, PHONE, seen, visiting as visitingOf } from './visit.ts'

const START_TIMEOUT_MS = 120_000
const TEST_TIMEOUT_MS = 60_000
/** In no request of any kind. */
const MARK = 'kPaymentsSecretMarker'
const FILES = {
  'src/charge.ts': `export const charge = (cents: bigint) => cents // ${MARK}\n`,
  'src/größe.ts': `export const size = '${MARK}'\n`,
} as const

const launched = await launchChromium()
if ('missing' in launched) console.warn(`Browser tests are skipped: ${launched.missing}`)

describe.skipIf('missing' in launched)('verifying in a browser', { timeout: TEST_TIMEOUT_MS }, () => {
  let network: Network
  let directory: string
  let id: string
  /** As they are served. */
  let certificate: string
  let bundle: string
  let revokedId: string
  let revokedBundle: string
  const visiting = visitingOf('browser' in launched ? launched.browser : null, () => network.baseUrl)

  beforeAll(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'coderisk-browser-'))
    network = await startNetwork()
    id = await issueLogged('one')
    revokedId = await issueLogged('two')
    certificate = (await call(network.baseUrl, `/v1/trust/certs/${id}`)).text
    bundle = await fetchBundle(id)
    revokedBundle = await fetchBundle(revokedId)
    expect((await revoke(network, revokedId)).status).toBe(200)
  }, START_TIMEOUT_MS)

  afterAll(async () => {
    if ('browser' in launched) await launched.browser.close()
    await network?.stop()
    rmSync(directory, { recursive: true, force: true })
  }, START_TIMEOUT_MS)

  async function issueLogged(key: string): Promise<string> {
    const files = Object.entries(FILES).map(([path, content]) => ({ path, content }))
    const body = { ai_tool: 'claude-code-v1.0', files, files_changed: Object.keys(FILES) }
    const answer = await issue(network, body, { headers: { prefer: 'wait=10', 'idempotency-key': key } })
    expect(answer.status, answer.text).toBe(201)
    return answer.json.certificate_id
  }

  async function fetchBundle(of: string): Promise<string> {
    const answer = await call(network.baseUrl, `/v1/trust/certs/${of}/bundle`)
    expect(answer.status, answer.text).toBe(200)
    return answer.text
  }

  describe('a bundle', () => {
    it('that is dropped holds, and nothing is asked for', async () => {
      await visiting(DESKTOP, async ({ page, faults }) => {
        const asked = await open(page)
        await drop(page, 'document', { 'certificate.bundle.json': bundle })
        await page.locator('[data-outcome=good]').waitFor()
        const proof = await seen(page, '[data-proof]')
        expect(proof).toContain('Verified offline, in this browser.')
        expect(proof).toMatch(/Not revoked as of .* ago, by the signed list in the bundle/)
        expect(proof).toMatch(/Its issue is entry \d+ in a signed tree of \d+ entries/)
        expect(proof).toContain(id)
        expect(await page.locator('.step--passed').count()).toBe(6)
        expect(await seen(page, '[data-chosen=document]')).toContain('certificate.bundle.json')
        expect(asked).toEqual([])
        await keepScreenshot(page, 'bundle-1280-light')
        expect(faults).toEqual([])
      })
    })

    it('holds also when this network is gone, once the page is there', async () => {
      await visiting(PHONE, async ({ page, faults }) => {
        await open(page)
        await page.context().setOffline(true)
        await choose(page, 'Choose a file', save('certificate.bundle.json', bundle))
        await page.locator('[data-outcome=good]').waitFor()
        expect(await overflow(page)).toBe(0)
        await keepScreenshot(page, 'bundle-320-dark')
        expect(faults).toEqual([])
      })
    })

    it('asks for the live status when a person asks for it, and sends the id alone', async () => {
      await visiting(DESKTOP, async ({ page, faults }) => {
        const asked = await open(page)
        await paste(page, revokedBundle)
        await page.locator('[data-outcome=good]').waitFor()
        expect(asked).toEqual([])
        await page.getByRole('button', { name: 'Ask for the live status' }).click()
        await page.getByText('The network says: invalid; revoked').waitFor()
        expect(asked).toEqual([`GET /v1/trust/certs/${revokedId}/verify`])
        expect(faults).toEqual([])
      })
    })

    const parts: [string, (text: string) => string, string][] = [
      ['the certificate', (text) => text.replace('"livemode":true', '"livemode":tru '), 'Signature'],
      ['a number in it', (text) => text.replace(/"risk_score":\d/, '"risk_score":9'), 'Signature'],
      ['the trust root', (text) => flip(text, '"trust_root":{"payload":"'), 'Trust root'],
      ['the status list', (text) => flip(text, '"status_list":"'), 'Revocation'],
      ['the proof', (text) => text.replace(/(@v1\\nindex )\d+/, '$10'), 'Transparency log'],
      ['its JWS', (text) => flip(text, '"jws":{"payload":"', '"jws":{"protected":"'), 'Signature'],
    ]
    it.each(parts)('in which one byte of %s is another is refused', async (_, change, title) => {
      const changed = change(bundle)
      expect(changed).not.toBe(bundle)
      await visiting(DESKTOP, async ({ page, faults }) => {
        const asked = await open(page)
        await choose(page, 'Choose a file', save('changed.bundle.json', changed))
        await page.locator('[data-outcome]').waitFor()
        expect(await page.locator('[data-outcome=good]').count()).toBe(0)
        const [step] = await page.locator('.step--failed strong, .step--unsure strong').allInnerTexts()
        expect(step).toBe(title === 'Signature' && !isJson(changed) ? 'Trust root' : title)
        expect(await seen(page, '[data-proof]')).not.toContain('Verified')
        expect(asked).toEqual([])
        expect(faults).toEqual([])
      })
    })

    it('is judged once the root key can be had, though it could not be had with the page', async () => {
      await visiting(DESKTOP, async ({ page }) => {
        await page.route('**/root-key.json', (route) => route.abort())
        await page.goto(`${network.baseUrl}/verify`)
        await paste(page, bundle)
        await page.getByText('Nothing was checked: the network root key could not be fetched.').waitFor()
        await page.unroute('**/root-key.json')
        await page.getByRole('button', { name: 'Verify in your browser' }).click()
        await page.locator('[data-outcome=good]').waitFor()
      })
    })

    it('is judged by the root key that this browser saw first, and another one is remarked upon', async () => {
      await visiting(DESKTOP, async ({ page }) => {
        await open(page)
        const thumbprint = await seen(page, '#root-key')
        await page.reload()
        await page.getByText('This browser has seen it here since').waitFor()
        await page.route('**/root-key.json', async (route) => {
          const key = await (await route.fetch()).json()
          await route.fulfill({ json: { ...key, x: `A${key.x.slice(1, -1)}A` } })
        })
        await page.reload()
        await page.getByText('It is not the key that this browser has seen here').waitFor()
        expect(await seen(page, '[data-root-key] .warning')).toContain(thumbprint)
        await drop(page, 'document', { 'a.bundle.json': bundle })
        await page.locator('[data-outcome=bad]').waitFor()
        expect(await seen(page, '[data-proof]')).toContain('Only this file vouches for itself.')
      })
    })
  })

  describe('code', () => {
    it('that was certified is found in its folder, hashed, and stays here', async () => {
      const folder = saveFolder('right', { ...FILES, 'node_modules/x/index.js': 'x', 'src/other.ts': 'y' })
      await visiting(DESKTOP, async ({ page, faults }) => {
        const asked = await open(page)
        await drop(page, 'document', { 'certificate.bundle.json': bundle })
        await page.locator('[data-outcome=good]').waitFor()
        await page.getByLabel('Choose a folder').setInputFiles(folder)
        await page.getByText('and the code is what was certified').waitFor()
        expect(await seen(page, '[data-proof]')).toContain('The 2 files are exactly what was certified.')
        expect(asked).toEqual([])
        await keepScreenshot(page, 'code-1280-light')
        expect(faults).toEqual([])
      })
    })

    it('is looked for in a folder that is dropped, deep as it may lie', async () => {
      const folder = saveFolder('dropped', { ...FILES, '.git/config': 'x', 'node_modules/x/charge.ts': 'y' })
      await visiting(DESKTOP, async ({ page, faults }) => {
        await open(page)
        await dropFromDisk(page, 'document', save('dropped.bundle.json', bundle))
        await page.locator('[data-outcome=good]').waitFor()
        await dropFromDisk(page, 'code', folder)
        await page.getByText('and the code is what was certified').waitFor()
        expect(await seen(page, '[data-chosen=code]')).toContain('3 files')
        expect(await page.locator('.drop--over').count()).toBe(0)
        expect(faults).toEqual([])
      })
    })

    it.each<[string, Record<string, string>, string]>([
      [
        'differs',
        { ...FILES, 'src/charge.ts': 'changed' },
        'At least one of the 2 files is not what was certified.',
      ],
      [
        'is missing',
        { 'src/charge.ts': FILES['src/charge.ts'] },
        'One of the certificate’s files was not found: src/größe.ts.',
      ],
      ['is not there at all', { 'lib/x.ts': 'x' }, 'None of the certificate’s files'],
    ])('of which a file %s is refused', async (name, files, words) => {
      const folder = saveFolder(name.replaceAll(' ', '-'), files)
      await visiting(PHONE, async ({ page, faults }) => {
        const asked = await open(page)
        await paste(page, bundle)
        await page.getByLabel('Choose a folder').setInputFiles(folder)
        await page.locator('[data-outcome=bad]').waitFor()
        const proof = await seen(page, '[data-proof]')
        expect(proof).toContain('The certificate holds, but not for this code.')
        expect(proof).toContain(words)
        expect(asked).toEqual([])
        expect(await overflow(page)).toBe(0)
        await keepScreenshot(page, `code-${name.replaceAll(' ', '-')}-320-dark`)
        expect(faults).toEqual([])
      })
    })

    it('dropped as single files is compared with a certificate, and nothing of it is sent', async () => {
      await visiting(DESKTOP, async ({ page, faults }) => {
        const asked = await open(page)
        await drop(
          page,
          'code',
          Object.fromEntries(Object.entries(FILES).map(([path, text]) => [base(path), text])),
        )
        expect(await seen(page, '[data-chosen=code]')).toContain('2 files')
        await paste(page, certificate)
        await page.locator('[data-outcome=good]').waitFor()
        expect(await seen(page, '[data-proof]')).toContain('The 2 files are exactly what was certified.')
        expect(asked).toEqual(['GET /.well-known/jwks.json', `GET /v1/trust/certs/${id}/verify`])
        await page.locator('[data-chosen=code] button').click()
        await page.getByRole('button', { name: 'Verify in your browser' }).click()
        await page.locator('[data-outcome=good]').waitFor()
        expect(await seen(page, '[data-proof]')).not.toContain('exactly what was certified')
        expect(faults).toEqual([])
      })
    })
  })

  describe('pasting a certificate', () => {
    it('verifies it, and sends nothing but its id', async () => {
      await visiting(PHONE, async ({ page, faults }) => {
        const asked = await open(page)
        await paste(page, certificate)
        await page.locator('[data-outcome=good]').waitFor()
        expect(asked).toEqual(['GET /.well-known/jwks.json', `GET /v1/trust/certs/${id}/verify`])
        expect(await overflow(page)).toBe(0)
        expect(faults).toEqual([])
      })
    })

    it('refuses one with a changed member, and sends nothing of it', async () => {
      await visiting(DESKTOP, async ({ page, faults }) => {
        const asked = await open(page)
        await paste(page, certificate.replace('"livemode":true', '"livemode":true,"approved":true'))
        await expectFailure(page, 'Check the signature')
        expect(asked).toEqual(['GET /.well-known/jwks.json'])
        expect(faults).toEqual([])
      })
    })

    it.each(['{}', '<script>alert(1)</script>', 'null', '['.repeat(5_000)])('refuses %j', async (text) => {
      await visiting(DESKTOP, async ({ page, faults }) => {
        await open(page)
        await paste(page, text)
        await expectFailure(page, 'Read the certificate')
        expect(faults).toEqual([])
      })
    })

    it('shows where the keyboard is, though the file fields themselves cannot be seen', async () => {
      await visiting(DESKTOP, async ({ page }) => {
        await open(page)
        await page.getByLabel('Certificate id').focus()
        for (const id of ['document', 'folder', 'files']) {
          for (let i = 0; i < 10 && !(await isFocused(page, id)); i++) await page.keyboard.press('Tab')
          expect(await isFocused(page, id)).toBe(true)
          const label = `document.querySelector('label[for=${id}]')`
          expect(await page.evaluate(`getComputedStyle(${label}).outlineWidth`)).toBe('2px')
        }
      })
    })

    it('says what is needed when nothing was given', async () => {
      await visiting(DESKTOP, async ({ page }) => {
        const asked = await open(page)
        await paste(page, ' ')
        await page.getByText('Choose, drop or paste a certificate first.').waitFor()
        expect(asked).toEqual([])
      })
    })
  })

  /** @returns what is asked for from then on, by method and path; it grows. Contents of files are in none of it. */
  async function open(page: Page): Promise<string[]> {
    await page.goto(`${network.baseUrl}/verify`)
    await page.locator('[data-root-key]').waitFor()
    const asked: string[] = []
    page.on('request', (request) => {
      const { pathname, search } = new URL(request.url())
      asked.push(`${request.method()} ${pathname}${search}`)
      const sent = `${request.url()} ${request.postData() ?? ''} ${JSON.stringify(request.headers())}`
      expect(request.postData()).toBeNull()
      expect(sent).not.toContain(MARK)
      expect(decodeURIComponent(sent)).not.toMatch(/charge|größe/)
    })
    return asked
  }

  function save(name: string, text: string): string {
    const file = path.join(directory, name)
    writeFileSync(file, text)
    return file
  }

  function saveFolder(name: string, files: Record<string, string>): string {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(directory, name, file)), { recursive: true })
      save(path.join(name, file), text)
    }
    return path.join(directory, name)
  }
})

async function choose(page: Page, label: string, file: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).setInputFiles(file)
}

async function paste(page: Page, text: string): Promise<void> {
  await page.getByLabel('Bundle, certificate or JWS').fill(text)
  await page.getByRole('button', { name: 'Verify in your browser' }).click()
}

/** Drops files on a place, as a file manager would. */
async function drop(page: Page, place: 'document' | 'code', files: Record<string, string>): Promise<void> {
  const transfer = await page.evaluateHandle(`(() => {
    const transfer = new DataTransfer()
    for (const [name, text] of ${JSON.stringify(Object.entries(files))}) transfer.items.add(new File([text], name))
    return transfer
  })()`)
  for (const name of ['dragenter', 'dragover', 'drop']) {
    await page.dispatchEvent(`[data-drop=${place}]`, name, { dataTransfer: transfer })
  }
}

async function isFocused(page: Page, id: string): Promise<boolean> {
  return (await page.evaluate('document.activeElement?.id')) === id
}

/** The same with a file or a folder of this machine, by the browser's own drag and drop. */
async function dropFromDisk(page: Page, place: 'document' | 'code', file: string): Promise<void> {
  const zone = page.locator(`[data-drop=${place}]`)
  await zone.scrollIntoViewIfNeeded()
  const box = (await zone.boundingBox())!
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [file], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: box.x + 20, y: box.y + 20, data })
  }
  await session.detach()
}

async function expectFailure(page: Page, step: string): Promise<void> {
  await page.locator('[data-outcome=bad]').waitFor()
  const proof = await seen(page, '[data-proof]')
  expect(proof).toContain('Verification failed. Do not rely on this certificate.')
  expect(proof).not.toContain('Verified in this browser')
  expect(await seen(page, '.step--failed strong')).toBe(step)
}

/** Another character some way behind a place in a text. */
function flip(text: string, ...after: string[]): string {
  const place = after.map((one) => text.indexOf(one)).find((at) => at >= 0)!
  const at = place + 60
  return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const base = (name: string) => path.posix.basename(name)
