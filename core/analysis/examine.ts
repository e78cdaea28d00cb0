import type { ChangeMetrics } from '../../schema/wire/certificate.ts'
import type { IssueRequest } from '../../schema/wire/issue.ts'
import { NO_EVIDENCE, type ReadEvidence, readEvidence } from '../evidence/read.ts'
import { Refusal } from '../refusal.ts'
import { digestFiles, type FileDigest, hashCode, hashManifest } from '../verify/code-hash.ts'
import { entropyBits, type FileChange, measureChange, readChange } from './change.ts'
import { isFix } from './risk/fix.ts'
import { type Prediction, predict } from './risk/model.ts'
import { type SecurityScan, scanSecurity } from './security/scan.ts'
import { type Grams, gramsOf } from './similarity/winnow.ts'
import { languageOf } from './source/language.ts'
import { isOtherSource } from './source/other-languages.ts'
import { MAX_NESTING } from './source/split.ts'
import type { Syntax } from './source/syntax.ts'
import { type Tokens, tokenise } from './source/tokens.ts'
import { isUnwieldy } from './source/unwieldy.ts'

/** What can be said of a change by looking at it alone, before anybody's wishes. It still holds the code. */
export interface Examination {
  readonly codeHash: string
  readonly codeHashMethod: 'sha256' | 'sha256-manifest'
  /** Of the files that were sent; none for one piece of code. */
  readonly fileDigests: readonly FileDigest[]
  readonly filesChanged: readonly string[]
  /** Source that the change names, says nothing of deleting, and did not send. */
  readonly unseenSources: number
  readonly files: readonly FileChange[]
  readonly commitSha: string | undefined
  readonly change: ChangeMetrics
  readonly prediction: Prediction
  /** What the score takes for the prediction's percentile: no lower than it would be with any commit message. */
  readonly worstPercentile: number
  readonly scan: SecurityScan
  readonly evidence: ReadEvidence
  /** Tokens of the files whose language is understood and that are not unwieldy, by path. */
  readonly tokens: ReadonlyMap<string, Tokens>
  /** Grams of the added code, by file, in the order of `comparedPaths`. */
  readonly grams: readonly Grams[]
  readonly comparedPaths: readonly string[]
}

/**
 * Examines a change: its size and spread, what is found in it, what its evidence says. Pure: no clock, no I/O.
 *
 * @throws {Refusal} `invalid_input` when a patch does not lead to its content; `evidence_unreadable`
 */
export async function examine(request: IssueRequest, syntax: Syntax): Promise<Examination> {
  const read = readChange(request)
  if (!read.ok) throw new Refusal('invalid_input', { errors: read.errors })
  const { files } = read
  const evidence = request.evidence === undefined ? NO_EVIDENCE : readEvidence(request.evidence)
  const filesChanged = request.files_changed ?? files.map((file) => file.path)
  const change = measureChange(files, filesChanged)
  const tokens = tokeniseAll(files)
  const fileDigests = request.code === undefined ? await digestFiles(files) : []
  const compared = files.filter(({ path, addedLines }) => tokens.has(path) && addedLines.size > 0)
  return {
    codeHash: request.code === undefined ? await hashManifest(fileDigests) : await hashCode(request.code),
    codeHashMethod: request.code === undefined ? 'sha256-manifest' : 'sha256',
    fileDigests,
    filesChanged,
    unseenSources: countUnseen(request, files, filesChanged),
    files,
    commitSha: request.commit_sha,
    change,
    ...predictRisk(change, files, request.commit_message),
    scan: await scanSecurity(files, syntax, tokens),
    evidence,
    tokens,
    grams: compared.map(({ path, content, addedLines }) => gramsOf(tokens.get(path)!, content, addedLines)),
    comparedPaths: compared.map(({ path }) => path),
  }
}

/** One piece of code may stand for several files; of files, each is sent or deleted. */
function countUnseen(
  { code, files_deleted: deleted }: IssueRequest,
  files: readonly FileChange[],
  filesChanged: readonly string[],
): number {
  if (code !== undefined) return 0
  const seen = new Set([...files.map(({ path }) => path), ...(deleted ?? [])])
  return filesChanged.filter((path) => !seen.has(path) && (languageOf(path) !== null || isOtherSource(path)))
    .length
}

function tokeniseAll(files: readonly FileChange[]): Map<string, Tokens> {
  const tokens = new Map<string, Tokens>()
  for (const { path, content } of files) {
    const language = languageOf(path)
    if (language === null || isUnwieldy(content)) continue
    const found = tokenise(content, language)
    // Whether a rule has anything to look for in it or not: it is not code that anybody can say something of.
    if (found.maxNesting <= MAX_NESTING) tokens.set(path, found)
  }
  return tokens
}

function predictRisk(
  change: ChangeMetrics,
  files: readonly FileChange[],
  commitMessage: string | undefined,
): Pick<Examination, 'prediction' | 'worstPercentile'> {
  const features = {
    la: change.lines_added,
    ld: change.lines_deleted,
    nf: change.files,
    nd: change.directories,
    ns: change.subsystems,
    entropy: entropyBits(files),
  }
  if (commitMessage !== undefined && commitMessage.trim() !== '') {
    const prediction = predict({ ...features, fix: isFix(commitMessage) })
    return { prediction, worstPercentile: prediction.percentile }
  }
  const prediction = predict({ ...features, fix: null })
  // Nobody lowers a score by leaving out that a change is a fix.
  const ifFix = predict({ ...features, fix: true })
  return { prediction, worstPercentile: Math.max(prediction.percentile, ifFix.percentile) }
}
