import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'

const SCREENSHOTS = path.join(import.meta.dirname, 'screenshots')

export interface Visitor {
  readonly width: number
  readonly scheme: 'light' | 'dark'
  readonly script: boolean
}

export interface Visit {
  readonly page: Page
  /** What went wrong so far: requests to elsewhere, console errors, violations of the policy, exceptions. */
  readonly faults: string[]
}

const ON_VIOLATION = `document.addEventListener('securitypolicyviolation', (event) =>
  console.error('CSP violation: ' + event.violatedDirective + ' ' + event.blockedURI))`

/** Opens a page that reports everything that it should not do. Close it with `visit.page.context().close()`. */
export async function openPage(browser: Browser, baseUrl: string, visitor: Visitor): Promise<Visit> {
  const context: BrowserContext = await browser.newContext({
    viewport: { width: visitor.width, height: 800 },
    colorScheme: visitor.scheme,
    javaScriptEnabled: visitor.script,
    reducedMotion: 'reduce',
  })
  const faults: string[] = []
  await context.addInitScript(ON_VIOLATION)
  const page = await context.newPage()
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`console: ${message.text()}`)
  })
  page.on('request', (request) => {
    const own = request.url().startsWith(`${baseUrl}/`) || /^(?:data|blob):/.test(request.url())
    if (!own) faults.push(`external request: ${request.url()}`)
  })
  page.on('requestfailed', (request) => faults.push(`failed request: ${request.url()}`))
  return { page, faults }
}

export const DESKTOP: Visitor = { width: 1280, scheme: 'light', script: true }
export const PHONE: Visitor = { width: 320, scheme: 'dark', script: true }

/** A visit from its beginning to its end. */
export type Visiting = (visitor: Visitor, visit: (visit: Visit) => Promise<void>) => Promise<void>

/** @param baseUrl asked for at each visit: networks start after tests are collected */
export function visiting(browser: Browser | null, baseUrl: () => string): Visiting {
  return async (visitor, visit) => {
    if (browser === null) return
    const opened = await openPage(browser, baseUrl(), visitor)
    try {
      await visit(opened)
    } finally {
      await opened.page.context().close()
    }
  }
}

/** How many CSS pixels the page is wider than its window. */
export async function overflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
}

/** The text that a reader sees there: without what is hidden, and without `noscript` where scripts run. */
export async function seen(page: Page, selector: string): Promise<string> {
  // biome-ignore lint/performance/useDomNodeTextContent: text that is not shown is the point
  return page.locator(selector).innerText()
}

/** A picture in `screenshots/`, only when `SCREENSHOTS=1` asks for it. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  if (process.env.SCREENSHOTS !== '1') return
  mkdirSync(SCREENSHOTS, { recursive: true })
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`), fullPage: true })
}
