import type { Log } from 'sarif'
import { isObject } from '../coverage/json.ts'
import { EvidenceError } from '../evidence-error.ts'

/** What a member must be if it is there. Members that are not named are not looked at. */
type Shape =
  | 'string'
  | 'number'
  | 'boolean'
  | 'object'
  | { readonly arrayOf: Shape }
  | { readonly mapOf: Shape }
  | { readonly members: Readonly<Record<string, Shape>>; readonly required?: readonly string[] }

const TOOL_REFERENCE: Shape = { members: { index: 'number', guid: 'string', name: 'string' } }
const RULE_REFERENCE: Shape = { members: { id: 'string', index: 'number', toolComponent: TOOL_REFERENCE } }
const ARTIFACT: Shape = { members: { uri: 'string', uriBaseId: 'string', index: 'number' } }
const MESSAGE: Shape = { members: { text: 'string', markdown: 'string' } }
const RULE: Shape = {
  members: {
    id: 'string',
    shortDescription: MESSAGE,
    defaultConfiguration: { members: { level: 'string' } },
    properties: 'object',
    relationships: { arrayOf: { members: { target: RULE_REFERENCE }, required: ['target'] } },
  },
  required: ['id'],
}
const COMPONENT: Shape = {
  members: { name: 'string', guid: 'string', rules: { arrayOf: RULE } },
  required: ['name'],
}
const RESULT: Shape = {
  members: {
    ruleId: 'string',
    ruleIndex: 'number',
    rule: RULE_REFERENCE,
    kind: 'string',
    level: 'string',
    message: MESSAGE,
    locations: {
      arrayOf: {
        members: {
          physicalLocation: {
            members: {
              artifactLocation: ARTIFACT,
              region: { members: { startLine: 'number', endLine: 'number' } },
            },
          },
        },
      },
    },
    fingerprints: { mapOf: 'string' },
    partialFingerprints: { mapOf: 'string' },
    suppressions: { arrayOf: { members: { status: 'string' } } },
    baselineState: 'string',
    taxa: { arrayOf: RULE_REFERENCE },
    properties: 'object',
  },
}
const RUN: Shape = {
  members: {
    tool: { members: { driver: COMPONENT, extensions: { arrayOf: COMPONENT } }, required: ['driver'] },
    invocations: { arrayOf: { members: { executionSuccessful: 'boolean' } } },
    originalUriBaseIds: { mapOf: ARTIFACT },
    artifacts: { arrayOf: { members: { location: ARTIFACT } } },
    results: { arrayOf: RESULT },
    externalPropertyFileReferences: { members: { results: { arrayOf: 'object' } } },
  },
  required: ['tool'],
}
const LOG: Shape = { members: { version: 'string', runs: { arrayOf: RUN } } }

/**
 * Checks what is read of a SARIF log, and stops at the first thing that is wrong. A member that is null, which some tools
 * write for one that they leave out, is taken away.
 *
 * @throws {EvidenceError} that says where
 */
export function checkShape(log: unknown): Log {
  check(log, LOG, '')
  return log as Log
}

function check(value: unknown, shape: Shape, where: string): void {
  if (typeof shape === 'string') {
    const fits = shape === 'object' ? isObject(value) : typeof value === shape
    if (!fits) fail(where, `no ${shape}`)
  } else if ('arrayOf' in shape) {
    if (!Array.isArray(value)) fail(where, 'no array')
    value.forEach((item, index) => {
      check(item, shape.arrayOf, `${where}[${index}]`)
    })
  } else {
    if (!isObject(value)) fail(where, 'no object')
    checkMembers(value, shape, where)
  }
}

function checkMembers(
  value: Readonly<Record<string, unknown>>,
  shape: Extract<Shape, { members: unknown } | { mapOf: unknown }>,
  where: string,
): void {
  for (const [name, member] of Object.entries(value)) {
    const expected = 'mapOf' in shape ? shape.mapOf : memberShape(shape.members, name)
    if (expected === undefined) continue
    if (member === null) delete (value as Record<string, unknown>)[name]
    else check(member, expected, 'mapOf' in shape ? where : `${where}${where === '' ? '' : '.'}${name}`)
  }
  for (const name of 'mapOf' in shape ? [] : (shape.required ?? [])) {
    if (!Object.hasOwn(value, name)) fail(where, `without ${name}`)
  }
}

function memberShape(members: Readonly<Record<string, Shape>>, name: string): Shape | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined
}

function fail(where: string, what: string): never {
  throw new EvidenceError(`is no valid SARIF: ${where === '' ? 'the log' : where} is ${what}`, null)
}
