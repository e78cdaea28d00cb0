/** For the bench alone, on a socket of its own: `PUT /{key}` puts an object, as the core would. */
export default {
  async fetch(request, env): Promise<Response> {
    const key = decodeURIComponent(new URL(request.url).pathname.slice(1))
    await env.R2.put(key, await request.arrayBuffer())
    return new Response(null)
  },
} satisfies ExportedHandler<{ R2: R2Bucket }>
