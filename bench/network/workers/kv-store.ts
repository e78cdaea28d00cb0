/**
 * A KV namespace in memory, by the HTTP protocol that workerd's `kvNamespace` binding speaks: the key, percent-encoded,
 * is the path; GET answers with the value or 404; PUT stores the body; DELETE forgets it. Options are ignored.
 */
const values = new Map<string, string>()
let certificateReads = 0
let otherReads = 0

export default {
  async fetch(request): Promise<Response> {
    const key = keyOf(request.url)
    if (request.method === 'PUT') values.set(key, await request.text())
    else if (request.method === 'DELETE') values.delete(key)
    else {
      if (key.startsWith('certificate:')) certificateReads++
      else otherReads++
      const value = values.get(key)
      return value === undefined ? new Response(null, { status: 404 }) : new Response(value)
    }
    return new Response(null)
  },
} satisfies ExportedHandler

/** For the bench alone, on a socket of its own: POST adds many values, DELETE forgets all, GET counts. */
export const control = {
  async fetch(request): Promise<Response> {
    if (request.method === 'POST') {
      const more = (await request.json()) as Record<string, string>
      for (const [key, value] of Object.entries(more)) values.set(key, value)
    }
    if (request.method === 'DELETE') values.clear()
    return Response.json({ size: values.size, certificateReads, otherReads })
  },
} satisfies ExportedHandler

function keyOf(url: string): string {
  const start = url.indexOf('/', 'https://'.length) + 1
  const end = url.indexOf('?', start)
  return decodeURIComponent(end === -1 ? url.slice(start) : url.slice(start, end))
}
