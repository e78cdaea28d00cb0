import fc from 'fast-check'
import { expect, it } from 'vitest'
import { checkLog } from '../../../../cli/log/check-log.ts'
import { buildLog, generateLogKey, replace, sampleEntries, tamper } from './log-support.ts'

const size = fc.oneof(fc.integer({ min: 1, max: 600 }), fc.constantFrom(255, 256, 257, 512))

it('lays any one change to the object that was changed', async () => {
  const key = await generateLogKey()
  await fc.assert(
    fc.asyncProperty(size, fc.nat(), fc.nat(), fc.boolean(), async (entries, which, at, gone) => {
      const { objects } = await buildLog(sampleEntries(entries), key)
      const path = [...objects.keys()][which % objects.size]!
      const changed = gone
        ? replace(objects, path, null)
        : tamper(objects, path, at % objects.get(path)!.length)
      const report = await checkLog({
        read: async (name) => changed.get(name) ?? null,
        verifierKey: key.verifier,
      })
      expect(report.ok).toBe(false)
      const places = report.faults.map(({ where }) => where)
      // An entry that was changed is a fault of the bundle, and often of what it says too.
      expect(places.filter((place) => !place.startsWith('entry '))).toEqual([path])
      if (!path.includes('entries')) expect(places).toEqual([path])
    }),
    { numRuns: 60 },
  )
})
