/** What answering costs when there is nothing to answer. */
export default {
  fetch(): Response {
    return new Response('hello')
  },
} satisfies ExportedHandler
