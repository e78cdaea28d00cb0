import type { Context as HonoContext } from 'hono'
import type { ZodType } from 'zod'
import { Refusal } from '../../core/refusal.ts'
import { parseStrictJson } from '../../core/verify/json.ts'
import type { InputError } from '../../schema/wire/problems.ts'

export interface ReadBody<Value> {
  readonly value: Value
  readonly raw: Uint8Array<ArrayBuffer>
}

const DEFAULT_MAX_BYTES = 64 * 1024
const MAX_REPORTED_ERRORS = 50
const MAX_DEPTH = 16

export interface ReadOptions {
  readonly maxBytes?: number
  /** An absent body stands for `{}`. */
  readonly optional?: boolean
  /** A look at the parsed JSON before it is validated, to refuse what is too much of it. */
  readonly inspect?: (json: unknown) => void
}

/**
 * Reads and validates a JSON body: the only door through which input comes.
 *
 * @throws {Refusal} `unsupported_media_type`, `body_too_large`, `invalid_encoding`, `invalid_json`,
 *   `json_too_deep`, or `invalid_input` with the path of each error
 */
export async function readBody<Value>(
  c: HonoContext,
  schema: ZodType<Value>,
  options: ReadOptions = {},
): Promise<ReadBody<Value>> {
  const raw = await readBytes(c.req.raw, options.maxBytes ?? DEFAULT_MAX_BYTES)
  if (raw.length === 0 && options.optional) return { value: validate(schema, {}), raw }
  const mediaType = (c.req.header('content-type') ?? '').split(';')[0]!.trim().toLowerCase()
  if (mediaType !== 'application/json') throw new Refusal('unsupported_media_type')
  const json = parse(raw)
  options.inspect?.(json)
  return { value: validate(schema, json), raw }
}

/** The body as it came. @throws {Refusal} `body_too_large` */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () => new Refusal('body_too_large', { detail: `At most ${maxBytes} bytes are taken.` })
  const announced = request.headers.get('content-length')
  if (Number(announced ?? 0) > maxBytes) throw tooLarge()
  if (request.body === null) return new Uint8Array(0)
  // With an announced length the runtime delivers no more than that; without one, nobody knows when to stop.
  if (announced !== null) return new Uint8Array(await request.arrayBuffer())
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > maxBytes) throw tooLarge()
    chunks.push(chunk)
  }
  const whole = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.length
  }
  return whole
}

function parse(raw: Uint8Array): unknown {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(raw)
  } catch {
    throw new Refusal('invalid_encoding')
  }
  const parsed = parseStrictJson(text, MAX_DEPTH)
  if (parsed.ok) return parsed.value
  if (parsed.reason === 'json_too_deep')
    throw new Refusal('json_too_deep', { detail: `At most ${MAX_DEPTH} levels.` })
  throw new Refusal('invalid_json', {
    detail:
      parsed.reason === 'duplicate_member'
        ? 'A member name is given twice in one object.'
        : 'It cannot be parsed.',
  })
}

export function validate<Value>(schema: ZodType<Value>, input: unknown): Value {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const errors = result.error.issues.flatMap((issue): InputError[] =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          path: pathText([...issue.path, key]),
          message: 'is not a member that this takes',
        }))
      : [{ path: pathText(issue.path), message: issue.message }],
  )
  throw new Refusal('invalid_input', { errors: errors.slice(0, MAX_REPORTED_ERRORS) })
}

/** `files[0].path`; the whole body is `$`. Names come from the caller, so they are cut short. */
function pathText(path: readonly PropertyKey[]): string {
  const text = path.reduce<string>((before, step) => {
    if (typeof step === 'number') return `${before}[${step}]`
    const name = String(step).slice(0, 64).toWellFormed()
    return before === '' ? name : `${before}.${name}`
  }, '')
  return text === '' ? '$' : text
}
