/** `GET /{key}`: one KV read and nothing else. */
export default {
  async fetch(request, env): Promise<Response> {
    const key = request.url.slice(request.url.indexOf('/', 'https://'.length) + 1)
    const value = await env.KV.get(key)
    return value === null ? new Response(null, { status: 404 }) : new Response(value)
  },
} satisfies ExportedHandler<{ KV: KVNamespace }>
