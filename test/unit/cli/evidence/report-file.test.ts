import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readReportFile } from '../../../../cli/evidence/report-file.ts'
import { MAX_EVIDENCE_BYTES } from '../../../../cli/limits.ts'
import { newFolder, writeAt } from './evidence-support.ts'

it('reads text, its size and its age', async () => {
  const file = writeAt(newFolder(), 'a', 'grüße\r\n', 1_700_000_000)
  expect(await readReportFile(file)).toEqual({
    ok: true,
    text: 'grüße\r\n',
    bytes: 9,
    modifiedMs: 1_700_000_000_000,
  })
})

it.each([
  ['nothing', '', 'is empty'],
  ['a NUL', Buffer.from([0x41, 0]), 'is not UTF-8 text'],
  ['Latin-1', Buffer.from([0xe9]), 'is not UTF-8 text'],
  ['more than the limit', Buffer.alloc(MAX_EVIDENCE_BYTES + 1, 'x'), 'has 5.0 MiB'],
])('refuses a file of %s', async (_name, content, fault) => {
  const found = await readReportFile(writeAt(newFolder(), 'a', content))
  expect(found).toEqual({ ok: false, fault: expect.stringContaining(fault) })
})

it('takes exactly the limit', async () => {
  const file = writeAt(newFolder(), 'a', Buffer.alloc(MAX_EVIDENCE_BYTES, 'x'))
  expect(await readReportFile(file)).toMatchObject({ ok: true, bytes: MAX_EVIDENCE_BYTES })
})

it('refuses what is no file, without waiting for a pipe', async () => {
  const folder = newFolder()
  mkdirSync(join(folder, 'folder'))
  execFileSync('mkfifo', [join(folder, 'pipe')])
  const faults = await Promise.all(
    ['folder', 'pipe', 'missing'].map((name) => readReportFile(join(folder, name))),
  )
  expect(faults).toEqual([
    { ok: false, fault: 'is not a regular file' },
    { ok: false, fault: 'is not a regular file' },
    { ok: false, fault: 'does not exist' },
  ])
})
