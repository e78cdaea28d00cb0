import { describe, expect, it } from 'vitest'
import { evaluate, markdownTable } from '../../../tools/security-rules/evaluate.ts'
import { samplesTable, scanSnippet } from '../../../tools/security-rules/report.ts'
import { readLabelled } from '../../labelled/security/read.ts'
import { read, section } from './markdown.ts'

const PUBLISHED = section(read('docs/risk-model.md'), '## Security rules')

describe('risk-model.md', () => {
  it('has the rules and samples that there are', async () => {
    expect(PUBLISHED).toContain((await samplesTable()).trim())
  }, 60_000)

  it('has what the rules find in the labelled snippets', async () => {
    const snippets = readLabelled()
    expect(snippets.length).toBeGreaterThanOrEqual(100)
    expect(PUBLISHED).toContain(markdownTable(await evaluate(snippets, scanSnippet)).trim())
  }, 60_000)
})
