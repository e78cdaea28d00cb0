import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import autocannon, { type Request } from 'autocannon'
import { changeOf } from './changes.ts'
import type { Arrivals, Issues, Load, LoadResult, Post, PostArrivals, Posts } from './load.ts'

// A process of its own, so that making the load takes nothing from what the bench itself does meanwhile.
process.on('message', async (load: Load) => {
  try {
    process.send!({ result: await run(load) })
  } catch (error) {
    process.send!({ error: error instanceof Error ? error.message : String(error) })
  }
})
process.on('disconnect', () => process.exit())

async function run(load: Load): Promise<LoadResult> {
  if (load.kind === 'arrivals' || load.kind === 'post-arrivals') {
    return { ...NOTHING, latenciesMs: await arrive(load) }
  }
  const { url, connections, seconds } = load
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    ...(load.kind === 'reads' ? readEach(load.paths, connections) : postEach(load)),
  })
  const failures = result.errors + result.timeouts + result.non2xx
  return { ...NOTHING, requests: result.requests.total, seconds: result.duration, failures }
}

const NOTHING: LoadResult = { requests: 0, seconds: 0, failures: 0, latenciesMs: [] }

/** Each connection goes round its own share of the paths. */
function readEach(paths: readonly string[], connections: number) {
  let client = 0
  return {
    setupClient(connection: { setRequests(requests: Request[]): void }) {
      const mine = paths.filter(
        (_, index) => index % connections === client % Math.min(connections, paths.length),
      )
      client++
      connection.setRequests(mine.map((path) => ({ path })))
    },
  }
}

function postEach(load: Issues | Posts) {
  const { path, next } = posting(load)
  const setupRequest = (defaults: Request) => {
    const { apiKey, body } = next()
    return { ...defaults, method: 'POST', path, headers: postHeaders(apiKey), body }
  }
  return { requests: [{ setupRequest }] }
}

/** Where to, and what comes next. */
function posting(load: Issues | Arrivals | Posts | PostArrivals): { path: string; next: () => Post } {
  if ('posts' in load) {
    let index = 0
    return { path: load.path, next: () => load.posts[index++ % load.posts.length]! }
  }
  const body = changeOf(load.lines)
  return { path: '/v1/trust/verify', next: () => ({ apiKey: load.apiKey, body: body() }) }
}

function postHeaders(apiKey: string): Record<string, string> {
  return {
    authorization: `Bearer ${apiKey}`,
    'content-type': 'application/json',
    'idempotency-key': crypto.randomUUID(),
  }
}

/** Requests at a fixed rate, whether or not earlier ones have been answered; waiting counts from when each was due. */
async function arrive(load: Arrivals | PostArrivals): Promise<number[]> {
  const agent = new Agent({ keepAlive: true })
  const { path, next } = posting(load)
  const started = performance.now()
  const answers: Promise<number>[] = []
  for (let index = 0; index < load.perSecond * load.seconds; index++) {
    const due = started + (index * 1000) / load.perSecond
    await sleep(Math.max(0, due - performance.now()))
    answers.push(post(agent, load.url + path, next()).then(() => performance.now() - due))
  }
  const latencies = await Promise.all(answers)
  agent.destroy()
  return latencies
}

function post(agent: Agent, url: string, { apiKey, body }: Post): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { ...postHeaders(apiKey), 'content-length': String(Buffer.byteLength(body)) }
    const call = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume()
      response.on('end', () => {
        if (response.statusCode === 201) resolve()
        else reject(new Error(`a request was answered with ${response.statusCode}`))
      })
    })
    call.on('error', reject)
    call.end(body)
  })
}
