import { shippedCatalogue } from '../../../core/analysis/catalogue/catalogue.ts'
import { checkCoupling } from '../../../core/analysis/coupling/check.ts'
import { checkCoverage } from '../../../core/analysis/coverage/check.ts'
import { type Examination, examine } from '../../../core/analysis/examine.ts'
import { COUPLING_THRESHOLD, judge, type Terms } from '../../../core/analysis/judge.ts'
import { findSecrets } from '../../../core/analysis/security/secrets.ts'
import { scanStructure } from '../../../core/analysis/security/structural.ts'
import { matchCatalogue } from '../../../core/analysis/similarity/match.ts'
import { gramsOf } from '../../../core/analysis/similarity/winnow.ts'
import { languageOf } from '../../../core/analysis/source/language.ts'
import { SYNTAX_BUDGET } from '../../../core/analysis/source/syntax.ts'
import { tokenise } from '../../../core/analysis/source/tokens.ts'
import { type IssueRequest, issueRequestSchema } from '../../../schema/wire/issue.ts'
import { syntax } from '../../../workers/core/adapters/syntax.ts'

const TERMS: Terms = { coverageThreshold: 0.7, level: 'E1', calibration: null, incidents: [] }
const held = new Map<string, { request: IssueRequest; examination: Examination }>()

/**
 * The analysis and nothing else, as the core Worker runs it. `PUT /{name}` keeps a change; `POST /{name}/{part}` does one
 * part for it `?times=N` times and answers with a number that depends on the result.
 */
export default {
  async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url)
    const [, name = '', part = ''] = url.pathname.split('/')
    if (request.method === 'PUT') {
      const parsed = issueRequestSchema.parse(await request.json())
      held.set(name, { request: parsed, examination: await examine(parsed, syntax) })
      return new Response('kept')
    }
    const change = held.get(name)!
    let result = 0
    for (let i = Number(url.searchParams.get('times') ?? 1); i > 0; i--) result = await PARTS[part]!(change)
    return new Response(String(result))
  },
}

type Part = (change: { request: IssueRequest; examination: Examination }) => number | Promise<number>

const PARTS: Readonly<Record<string, Part>> = {
  whole: async ({ request }) => judge(await examine(request, syntax), TERMS).riskScore,
  /** What the lines per second of the others are compared with. */
  parse: ({ examination }) =>
    examination.files.reduce((nodes, { path, content }) => {
      const parsed = syntax.parse(content, languageOf(path)!, { ...SYNTAX_BUDGET })
      const count = parsed?.root.descendantCount ?? 0
      parsed?.free()
      return nodes + count
    }, 0),
  secrets: async ({ examination }) => (await findSecrets(examination.files)).length,
  rules: ({ examination }) => {
    const budget = { ...SYNTAX_BUDGET }
    return examination.files.flatMap((file) => scanStructure(file, syntax, budget).findings).length
  },
  coverage: ({ examination }) =>
    checkCoverage({
      reports: examination.evidence.coverage.map(({ report }) => report),
      changed: withLanguages(examination),
      commitSha: undefined,
      threshold: TERMS.coverageThreshold,
      level: 'E1',
    }).value ?? -1,
  coupling: ({ examination }) =>
    checkCoupling({
      files: withLanguages(examination),
      changedPaths: examination.filesChanged,
      history: examination.evidence.history,
      hints: examination.evidence.imports,
      threshold: COUPLING_THRESHOLD,
      level: 'E1',
    }).coupling_score ?? -1,
  similarity: ({ examination }) => {
    const grams = examination.files.map(({ path, content, addedLines }) =>
      gramsOf(tokenise(content, languageOf(path)!), content, addedLines),
    )
    return matchCatalogue(grams, shippedCatalogue()).length
  },
}

function withLanguages(examination: Examination) {
  return examination.files.map((file) => ({ ...file, language: languageOf(file.path) }))
}
