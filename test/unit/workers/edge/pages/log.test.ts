import { describe, expect, it } from 'vitest'
import {
  logEntryAbsentPage,
  logEntryPage,
  logEntryPendingPage,
  logListPage,
} from '../../../../../workers/edge/pages/index.ts'
import { describeEntry } from '../../../../../workers/edge/pages/log/describe.ts'
import { leftOut, shownEntry } from '../../../../../workers/edge/pages/log/shown.ts'
import { ID, logEntry, logList, SITE, structure, textOf } from './fixtures.ts'

const payloads = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  'javascript:alert(1)',
  '--></title></textarea></style><svg onload=alert(1)>',
  '{{alert(1)}}&lt;script&gt;',
  'a\u202egnp.exe\u0000\u200b\ud800',
]

const entryPage = (text: string) =>
  logEntryPage(SITE, {
    entry: { ...logEntry(3), text },
    size: 7,
    tile: 'tile/0/000.p/7',
    bundle: 'tile/entries/000.p/7',
  })

describe('an entry whose members are hostile', () => {
  const members = ['type', 'time', 'subject', 'digest', 'reason']
  it.each(members)('%s', (member) => {
    const make = (value: string) =>
      JSON.stringify({ ...JSON.parse(logEntry(3).text), reason: 'x', [member]: value })
    for (const payload of payloads) {
      for (const render of [
        (text: string) => entryPage(text).html,
        (text: string) => logListPage(SITE, logList({ entries: [{ ...logEntry(3), text }] })).html,
      ]) {
        const html = render(make(payload))
        expect(structure(html)).toEqual(structure(render(make('x'))))
        expect(html).not.toMatch(/(?:href|src|action)="(?:javascript|data):/i)
        expect(html.match(/<script/g)).toHaveLength(1)
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come through
        expect(html).not.toMatch(/[\u0000\u202e\u200b]/)
      }
    }
  })

  it.each(payloads)('the name of a detail: %j', (payload) => {
    const { html } = entryPage(JSON.stringify({ [payload]: 'x', type: 'y' }))
    expect(structure(html)).toEqual(structure(entryPage('{"name":"x","type":"y"}').html))
  })

  it.each(payloads)('a checkpoint: %j', (payload) => {
    const { checkpoint } = logList()
    const render = (value: string) =>
      logListPage(
        SITE,
        logList({
          checkpoint: { ...checkpoint, origin: value, text: value, witnesses: [{ name: value, time: 0 }] },
        }),
      ).html
    expect(structure(render(payload))).toEqual(structure(render('x')))
  })

  it('keeps its page small however large it is, and says what is left out', () => {
    const text = JSON.stringify({ ['n'.repeat(20_000)]: 'v'.repeat(40_000), type: 'x' })
    const { html } = entryPage(text)
    expect(html.length).toBeLessThan(16_000)
    expect(textOf(html)).toContain(
      `${leftOut(text).toLocaleString('en-GB')} further characters in the entry itself`,
    )
    expect(shownEntry(text).length).toBe(2_000)
  })

  it('keeps the list small too, and names few of many members', () => {
    const members = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`m${i}`, i]))
    const text = JSON.stringify({ ...members, type: 't'.repeat(9_000), time: 'u'.repeat(9_000) })
    const entries = Array.from({ length: 25 }, (_, i) => ({ ...logEntry(i), text }))
    expect(logListPage(SITE, logList({ entries })).html.length).toBeLessThan(40_000)
    const { html } = entryPage(text)
    expect(html.length).toBeLessThan(16_000)
    expect(textOf(html)).toContain('4,980 further members')
  })
})

describe('what an entry says', () => {
  it.each([
    ['{"type":"certificate.issued"}', 'Certificate issued'],
    ['{"type":"certificate.revoked"}', 'Certificate revoked'],
    ['{"type":"api_key.created"}', 'API key created'],
    ['{"type":"trust_root.published"}', 'Trust root published'],
    ['{"type":"claim.filed_late"}', 'Claim filed late'],
    ['{"type":"constructor"}', 'Constructor'],
    ['{"type":7}', 'Event of an unknown kind'],
    ['{}', 'Event of an unknown kind'],
  ])('%s', (text, words) => {
    expect(describeEntry({ text }).event).toBe(words)
  })

  it('shows every member, and those of another type among the details', () => {
    const { details, time, subject } = describeEntry({
      text: '{"subject":{"a":1},"time":"t","mode":"live","n":2}',
    })
    expect({ time, subject }).toEqual({ time: 't', subject: null })
    expect(details).toEqual([
      ['subject', '{"a":1}'],
      ['mode', 'live'],
      ['n', '2'],
    ])
  })
})

describe('the witnesses of a checkpoint', () => {
  const said = (over: object) =>
    textOf(logListPage(SITE, logList({ checkpoint: { ...logList().checkpoint, ...over } })).html)

  it('are named with their time and its age, when they have cosigned', () => {
    const witnesses = [
      { name: 'witness.example/1', time: logList().now - 125_000 },
      { name: 'witness.example/2', time: null },
    ]
    const text = said({ witnesses, witnessed: { result: 'passed', reason: null } })
    expect(text).toContain('witness.example/1')
    expect(text).toMatch(/UTC \(2 minutes ago\)/)
    expect(text).not.toContain('witness.example/2')
    expect(text).toContain('As many as the network asks for have cosigned it.')
  })

  it.each([
    ['no_witnesses_required', 'not_evaluated', 'The network asks for no witnesses.'],
    ['witness_quorum_missing', 'failed', 'Fewer witnesses have seen the log than the network asks for.'],
  ] as const)('%s', (reason, result, words) => {
    expect(said({ witnessed: { result, reason } })).toContain(words)
  })
})

describe('an entry that is not there', () => {
  it('is no page of the catalogue, and the form is at hand', () => {
    for (const page of [
      logEntryAbsentPage(SITE, { index: 9, size: 3 }),
      logEntryAbsentPage(SITE, { leafHash: 'ab'.repeat(32) }),
    ]) {
      expect(page.status).toBe(404)
      expect(page.html).toContain('action="/log"')
    }
  })

  it('is on its way when its certificate exists', () => {
    const page = logEntryPendingPage(SITE, { id: ID, leafHash: 'ab'.repeat(32) })
    expect(page.status).toBe(200)
    expect(page.headers['cache-control']).toBe('no-store')
    expect(page.html).toContain(`href="/log?find=${ID}"`)
  })
})
