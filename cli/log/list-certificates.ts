import { callApi } from '../api.ts'
import type { Connection } from '../configuration.ts'
import { serverFailure } from '../failure.ts'
import { type ListedCertificate, readListed } from './certificates.ts'

/** Of at most half a megabyte each. */
const PAGE_CERTIFICATES = 10

/**
 * The certificates of the API key's organisation, newest first, a page at a time.
 *
 * @throws {CommandFailure} exit code 3
 */
export async function* listCertificates(
  connection: Connection,
  report: (line: string) => void,
): AsyncGenerator<ListedCertificate> {
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const path = `/v1/trust/certs?limit=${PAGE_CERTIFICATES}${query}`
    const page = (await callApi(connection, { method: 'GET', path, authorised: true }, report)) as {
      data?: unknown
      next_cursor?: unknown
    } | null
    if (!Array.isArray(page?.data)) throw notAList(connection)
    for (const value of page.data) {
      const certificate = await readListed(value)
      if (certificate === null) throw notAList(connection)
      yield certificate
    }
    const next = page.next_cursor
    if (next === cursor) throw notAList(connection)
    cursor = typeof next === 'string' && next !== '' ? next : null
  }
}

/** @returns ms since the epoch, or null where the network does not say */
export async function askRevokedAt(
  connection: Connection,
  id: string,
  report: (line: string) => void,
): Promise<number | null> {
  const path = `/v1/trust/certs/${id}/verify`
  const answer = (await callApi(connection, { method: 'GET', path }, report)) as {
    revoked_at?: unknown
  } | null
  const time = Date.parse(String(answer?.revoked_at))
  return Number.isFinite(time) ? time : null
}

function notAList({ baseUrl }: Connection) {
  return serverFailure(`${baseUrl} did not answer with a list of certificates`)
}
