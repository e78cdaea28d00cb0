import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { MAX_POINTS } from '../../../core/analysis/risk/score.ts'
import { VERDICT_REASONS } from '../../../core/verify/checks.ts'
import * as kv from '../../../schema/kv.ts'
import {
  certificateSchema,
  changeMetricsSchema,
  checksSchema,
  signedCertificateSchema,
} from '../../../schema/wire/certificate.ts'
import { CHECK_REASONS } from '../../../schema/wire/codes.ts'
import { PROBLEMS } from '../../../schema/wire/problems.ts'
import { UNSIGNED_MEMBERS } from '../../../schema/wire/vocabulary.ts'
import { ROOT, read, section, tableRows } from './markdown.ts'

const README = read('README.md')
const FORMAT = read('docs/certificate-format.md')

describe('README', () => {
  it('names every npm script, and none that is not there', () => {
    const { scripts } = JSON.parse(read('package.json'))
    const named = firstCells(section(README, '## All commands')).map((command) =>
      command.replace(/^npm (run )?/, ''),
    )
    expect(named.sort()).toEqual(Object.keys(scripts).sort())
  })

  it.each(['wrangler.toml', 'workers/core/wrangler.toml'])(
    'names every binding, variable and secret of %s',
    (file) => {
      const part = section(README, '### Bindings, variables and secrets').split(
        'Core, `workers/core/wrangler.toml`',
      )
      const documented = firstCells(part[file === 'wrangler.toml' ? 0 : 1]!)
      expect(documented.sort()).toEqual([...names(read(file)), ...secrets(file)].sort())
    },
  )

  it('tells the rate limits as they are set', () => {
    const limits = [
      ...read('wrangler.toml').matchAll(/name = "(RATE_LIMIT_\w+)"[\s\S]*?limit = (\d+), period = 60/g),
    ]
    expect(limits.length).toBeGreaterThan(0)
    for (const [, name, limit] of limits) {
      const row = tableRows(README).find(([cell]) => cell === `\`${name}\``)
      expect(row?.join(' '), name).toContain(`${Number(limit).toLocaleString('en-GB')} `)
    }
  })
})

describe('problems.md', () => {
  it('has every code with its status and title, in the order of the table', () => {
    const rows = tableRows(read('docs/problems.md')).map((cells) => cells.slice(0, 3))
    expect(rows).toEqual(
      Object.entries(PROBLEMS).map(([code, { status, title }]) => [`\`${code}\``, String(status), title]),
    )
  })

  it('says of each what to do', () => {
    for (const cells of tableRows(read('docs/problems.md'))) expect(cells[3], cells[0]).toMatch(/\w/)
  })
})

describe('kv.md', () => {
  it('documents every key that schema/kv.ts builds', () => {
    const text = read('docs/kv.md')
    expect(Object.keys(kv).length).toBeGreaterThan(0)
    for (const name of Object.keys(kv)) expect(text, name).toMatch(new RegExp(`\`${name}[\`(]`))
    expect(text).toContain(`\`${kv.TRUST_ROOT_KEY}\``)
    expect(text).toContain(`\`${kv.certificateKey('CERT-2026-7k3m9q2x4w8t1v6z')}\``)
  })

  it('documents every member of the record', () => {
    const shape = /interface CertificateRecord \{([\s\S]*?)\n\}/.exec(read('schema/kv.ts'))![1]!
    const members = [...shape.matchAll(/readonly (\w+)\??:/g)].map(([, name]) => name)
    expect(firstCells(section(read('docs/kv.md'), '## `CertificateRecord`'))).toEqual(members)
  })
})

describe('certificate-format.md', () => {
  it('has every member, and says rightly whether it is signed', () => {
    const rows = tableRows(section(FORMAT, '## Members').split('### `change`')[0]!)
    const documented = rows.flatMap((cells) => codes(cells[0]!).map((name) => [name, cells.at(-1)]))
    const signed = Object.keys(signedCertificateSchema.shape).map((name) => [name, 'yes'])
    expect(documented).toEqual(
      expect.arrayContaining([...signed, ...UNSIGNED_MEMBERS.map((name) => [name, 'no'])]),
    )
    expect(documented.length).toBe(Object.keys(certificateSchema.shape).length)
  })

  it('has every measure and every check', () => {
    const text = section(FORMAT, '## Members')
    for (const name of Object.keys(changeMetricsSchema.shape)) expect(text, name).toContain(`\`${name}\``)
    for (const [check, { shape }] of Object.entries(checksSchema.shape)) {
      for (const name of [check, ...Object.keys(shape)]) expect(text, name).toContain(`\`${name}\``)
    }
  })

  it('has every reason of a verdict, and no other', () => {
    expect(firstCells(section(FORMAT, '### Reasons')).sort()).toEqual([...VERDICT_REASONS].sort())
  })

  it('has every reason for which a trust root is refused', () => {
    const union = /export type TrustRootReason =([\s\S]*?)\n\n/.exec(read('core/verify/trust-root.ts'))![1]!
    for (const reason of quoted(union)) expect(FORMAT, reason).toContain(`\`${reason}\``)
  })

  it('has every reason of a check, and no other', () => {
    const reasons = Object.values(CHECK_REASONS).flat()
    expect(documentedCodes('Reasons of checks').sort()).toEqual([...new Set(reasons)].sort())
  })

  it('has every part of the score, and no other', () => {
    expect(documentedCodes('The parts of the score').sort()).toEqual(Object.keys(MAX_POINTS).sort())
  })
})

describe('runbook.md', () => {
  it('has every metric', () => {
    const sources = ['workers/core/routes/operations.ts', 'workers/edge/metrics.ts'].map((file) =>
      readFileSync(path.join(ROOT, file), 'utf8'),
    )
    const metrics = new Set(sources.join('').match(/coderisk_\w+/g))
    const documented = firstCells(section(read('docs/runbook.md'), '## Metrics')).map(
      (name) => name.split('{')[0],
    )
    expect(documented.sort()).toEqual([...metrics].sort())
  })
})

function firstCells(text: string): string[] {
  return tableRows(text).flatMap((cells) => codes(cells[0]!))
}

function codes(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!)
}

function quoted(text: string): string[] {
  return [...text.matchAll(/'(\w+)'/g)].map(([, name]) => name!)
}

/** Names of bindings and variables, as wrangler's configuration writes them. */
function names(toml: string): string[] {
  const bindings = [...toml.matchAll(/^binding = "(\w+)"$/gm)].map(([, name]) => name!)
  const named = [
    ...toml.matchAll(/^\[\[(?:ratelimits|durable_objects\.bindings)\]\]\nname = "(\w+)"$/gm),
  ].map(([, name]) => name!)
  const variables = [
    ...(/^\[vars\]\n([\s\S]*?)(?:\n\[|$(?![\s\S]))/m.exec(toml)?.[1] ?? '').matchAll(/^([A-Z_]+) = /gm),
  ]
  return [...bindings, ...named, ...variables.map(([, name]) => name!)]
}

/** Secrets are in no configuration file: the environment's type marks them. */
function secrets(file: string): string[] {
  const env = read(path.posix.join('workers', file.includes('core') ? 'core' : 'edge', 'env.ts'))
  return [...env.matchAll(/\/\*\* Secret[^/]*\*\/\s+readonly (\w+)/g)].map(([, name]) => name!)
}

/** Codes in the first cells of the table that follows a paragraph of the section on codes. */
function documentedCodes(paragraph: string): string[] {
  const text = section(FORMAT, '### Codes')
  const table = text.slice(text.indexOf(paragraph)).split('\n\n')[1]!
  return tableRows(table).flatMap((cells) => codes(cells[0]!).map((code) => code.split(':')[0]!))
}
