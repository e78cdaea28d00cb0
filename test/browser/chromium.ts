import { type Browser, chromium as playwright } from 'playwright-core'

/** Arguments that would hide what the tests look for, or that make a browser die with its first page. */
const UNWANTED = ['--disable-web-security', '--single-process', '--no-zygote']

/** Without a locale of its own a browser reads no file whose name is not ASCII. */
const ENVIRONMENT = { ...process.env, LC_ALL: 'C.UTF-8' } as Record<string, string>

/**
 * The Chromium in `CHROMIUM_PATH`, else the one that `@sparticuz/chromium` brings (Linux only).
 *
 * @returns null, with the reason, on a platform that has neither
 */
export async function launchChromium(): Promise<{ browser: Browser } | { missing: string }> {
  const ownPath = process.env.CHROMIUM_PATH
  if (ownPath)
    return {
      browser: await playwright.launch({ executablePath: ownPath, args: ['--no-sandbox'], env: ENVIRONMENT }),
    }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { missing: `no Chromium for ${process.platform} ${process.arch}: set CHROMIUM_PATH to one` }
  }
  const { default: bundled } = await import('@sparticuz/chromium')
  const args = bundled.args.filter((argument) => !UNWANTED.includes(argument))
  const executablePath = await bundled.executablePath()
  return { browser: await playwright.launch({ executablePath, args, env: ENVIRONMENT }) }
}
