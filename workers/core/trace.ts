/** W3C Trace Context, as the edge sends it on: `00-<trace id>-<span id>-<flags>`. */
export interface RequestTrace {
  readonly requestId: string
  readonly traceId: string
}

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/
const REQUEST_ID = /^[0-9A-Za-z_-]{1,64}$/

/** Takes over what the edge gave the request, and makes up what is missing or malformed. */
export function newRequestTrace(headers: Headers): RequestTrace {
  const requestId = headers.get('x-request-id') ?? ''
  const traceId = TRACEPARENT.exec(headers.get('traceparent') ?? '')?.[1]
  return {
    requestId: REQUEST_ID.test(requestId) ? requestId : crypto.randomUUID(),
    traceId: traceId ?? crypto.randomUUID().replaceAll('-', ''),
  }
}
