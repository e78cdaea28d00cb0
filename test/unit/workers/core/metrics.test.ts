import { expect, test } from 'vitest'
import { expose, Metrics } from '../../../../workers/core/metrics.ts'

test('counters add up by series', () => {
  const metrics = new Metrics()
  metrics.count('a_total')
  metrics.count('a_total', 2)
  metrics.count('a_total{x="y"}')
  expect(metrics.snapshot()).toEqual({ a_total: 3, 'a_total{x="y"}': 1 })
})

test('the exposition is what Prometheus reads (text format 0.0.4)', () => {
  const text = expose([
    {
      name: 'a_total',
      help: 'All of a.',
      type: 'counter',
      values: new Map([
        ['{x="y"}', 3],
        ['', 0],
      ]),
    },
    { name: 'b', help: 'One b.', type: 'gauge', values: new Map([['', 1.5]]) },
  ])
  expect(text).toBe(
    '# HELP a_total All of a.\n# TYPE a_total counter\na_total{x="y"} 3\na_total 0\n# HELP b One b.\n# TYPE b gauge\nb 1.5\n',
  )
})
