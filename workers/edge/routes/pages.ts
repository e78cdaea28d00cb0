import { utf8 } from '../../../core/verify/encoding.ts'
import { issuedLogEntry, pendingLog } from '../../../core/verify/log-entry.ts'
import type { Certificate, SignedCertificate } from '../../../schema/wire/certificate.ts'
import { CERTIFICATE_ID_PATTERN, type CertificateStatus } from '../../../schema/wire/vocabulary.ts'
import type { HeldCertificate } from '../certificates.ts'
import { within } from '../deadline.ts'
import { currentCheckpoint } from '../log/checkpoint.ts'
import { settlePlace } from '../log-evidence.ts'
import { certificatePage, docsPage, errorPage, homePage, notFoundPage, verifyPage } from '../pages/index.ts'
import { policyHeaders } from '../rate-limits.ts'
import type { EdgeRequest } from '../request.ts'
import { page } from '../respond.ts'
import { siteOf } from '../site.ts'
import { decideNow, describeVerification } from '../verification.ts'
import { find } from './certificates.ts'

export function getHomePage(edge: EdgeRequest): Response {
  return page(homePage(siteOf(edge.env)))
}

export function getDocsPage(edge: EdgeRequest): Response {
  return page(docsPage(siteOf(edge.env)))
}

/** `GET /verify?id=…`: an id leads to its certificate's page. */
export function getVerifyPage(edge: EdgeRequest, query: URLSearchParams): Response {
  const id = query.get('id')?.trim()
  if (id !== undefined && CERTIFICATE_ID_PATTERN.test(id)) {
    return new Response(null, {
      status: 303,
      headers: { location: `/certs/${id}`, 'cache-control': 'no-store' },
    })
  }
  return page(verifyPage(siteOf(edge.env), id === undefined || id === '' ? {} : { id }))
}

export async function getCertificatePage(edge: EdgeRequest, id: string): Promise<Response> {
  const found = await find(edge, id)
  if (!found.ok) {
    if (found.reason === 'not_found') return page(notFoundPage(siteOf(edge.env)))
    const status = found.reason === 'rate_limited' ? 429 : 503
    const shown = page(
      errorPage(siteOf(edge.env), { status, title: TITLES[found.reason], requestId: edge.id }),
    )
    if (found.reason !== 'rate_limited') return shown
    for (const [name, value] of Object.entries(policyHeaders('RATE_LIMIT_MISS')))
      shown.headers.set(name, value)
    return shown
  }
  const held = found.certificate
  await settlePlace(edge.env, edge.waitUntil, held, edge.now)
  const decision = await decideNow(edge.env, edge.waitUntil, held, edge.now)
  const verification = await describeVerification(edge.env, held.examined, decision, 'found')
  const certificate = await describe(held, decision.verdict.status)
  const treeSize = held.place?.state === 'included' ? await logSize(edge) : null
  return page(certificatePage(siteOf(edge.env), { certificate, verification, treeSize }))
}

/** The page does not wait for R2 while that is slow or away. */
const LOG_SIZE_WAIT_MS = 250

async function logSize({ env, now }: EdgeRequest): Promise<number | null> {
  try {
    return (await within(LOG_SIZE_WAIT_MS, currentCheckpoint(env, now)))?.size ?? null
  } catch {
    return null
  }
}

async function describe(
  { record, place, anchored }: HeldCertificate,
  status: CertificateStatus,
): Promise<Certificate> {
  const signed = JSON.parse(record.signed) as SignedCertificate
  const { leafHash } = await issuedLogEntry(signed, utf8(record.signed))
  const chain = anchored === undefined ? {} : { blockchain_hash: anchored.transactionHash }
  return { ...signed, signature: record.signature, status, log: place ?? pendingLog(leafHash), ...chain }
}

export function getNotFoundPage(edge: EdgeRequest): Response {
  return page(notFoundPage(siteOf(edge.env)))
}

const TITLES = {
  rate_limited: 'Too many requests',
  unavailable: 'This certificate cannot be looked up right now',
} as const
