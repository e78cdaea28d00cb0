import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { CRONS } from '../../../../workers/core/crons.ts'

test('the schedules are those that wrangler.toml asks for', () => {
  const file = path.resolve(import.meta.dirname, '../../../../workers/core/wrangler.toml')
  const declared = /^crons = (\[.*\])$/m.exec(readFileSync(file, 'utf8'))?.[1]
  expect(JSON.parse(declared!)).toEqual(Object.values(CRONS))
})
