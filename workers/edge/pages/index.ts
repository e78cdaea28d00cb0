/**
 * The public pages of the edge. Each function is pure: data in, a whole answer out, as
 * `{ html, headers, status }`. Headers are complete (content type, caching, CSP and the other security
 * headers) with lower-case names; the router adds only what it alone knows, such as the request id.
 *
 * Scripts live in `browser/` (one bundle per file, at `/assets/<name>.js`), everything else that a page loads
 * in `assets/`. No page makes a request to another origin.
 */
export { arcEntryPage } from './arc/entry.ts'
export { type ArcListInput, arcListPage } from './arc/list.ts'
export { type CertificatePageInput, certificatePage } from './certificate/page.ts'
export { docsPage } from './docs.ts'
export { homePage } from './home.ts'
export { logEntryAbsentPage, logEntryPendingPage } from './log/absent.ts'
export type { LogPageCheckpoint } from './log/checkpoint.ts'
export { logEntryPage } from './log/entry.ts'
export { LOG_PAGE_ENTRIES, type LogListInput, logListPage } from './log/list.ts'
export { type ErrorPageInput, errorPage, notFoundPage } from './notice.ts'
export type { Page, Site } from './page.ts'
export { verifyPage } from './verify.ts'
