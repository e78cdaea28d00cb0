import { type Command, type CommandContext, type ExitCode, parseOptions } from '../command.ts'
import { CONNECTION_OPTIONS, type Connection, resolveConnection } from '../configuration.ts'
import { bindToCi } from '../evidence/bind.ts'
import { collectEvidence } from '../evidence/collect.ts'
import { EVIDENCE_OPTIONS, readEvidenceOptions } from '../evidence/options.ts'
import { inputFailure, usageFailure } from '../failure.ts'
import { type AiTool, isToolName, toolFromMessages, UNKNOWN_TOOL } from '../git/ai-tool.ts'
import type { CollectedChange } from '../git/change.ts'
import { collectChange, type Selection } from '../git/collect.ts'
import { type Draft, encodeRequest, issue, type Settings } from '../issue.ts'
import { DEFAULT_TTL_DAYS, MAX_TTL_DAYS } from '../limits.ts'
import { certificationDocument, printCertification } from '../reports/certification.ts'
import { dryRunDocument, printDryRun } from '../reports/dry-run.ts'

const OPTIONS = {
  base: { type: 'string' },
  staged: { type: 'boolean', default: false },
  'ai-tool': { type: 'string' },
  'ttl-days': { type: 'string' },
  'path-privacy': { type: 'string', default: 'plain' },
  language: { type: 'string' },
  framework: { type: 'string' },
  'no-repository': { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  ...EVIDENCE_OPTIONS,
  ...CONNECTION_OPTIONS,
} as const

export const certify: Command = {
  usage: 'coderisk certify [--base REF | --staged | PATHS…] [OPTIONS]',
  help: `Sends a change, its previous contents and the evidence for it to be analysed, and prints the signed
certificate.

What is certified:
  (nothing)               the last commit, against its parent
  --base REF              all that HEAD adds since it left REF, as a pull request shows it
  --staged                what is staged, against HEAD
  PATHS…                  these files as they are on disk (folders: their files that git does not ignore)

Evidence that is sent with it:
  --coverage FILE         a coverage report: LCOV, Cobertura, JaCoCo, Istanbul JSON, Go coverprofile. Again for more;
                          without it those in the usual places (coverage/lcov.info, coverage.xml, …) of the
                          repository, its folders and its packages, unless they are older than the change
  --sarif FILE            a SARIF 2.1.0 report of any scanner. Again for more; without it the *.sarif in the usual
                          places (the root, results/, build/reports/, …), unless older
  --no-coverage           --no-sarif, --no-history: send none
  --require-ci            fail (exit code 3) without a CI identity. In GitHub Actions, where the job has
                          'permissions: id-token: write', one is sent anyway: it binds the evidence to the job
  --no-ci                 ask for no CI identity
The history is which files the last 2,000 commits before the change changed, and when. Evidence is analysed and
never published; with --path-privacy hashed it still has the names in plain.

Options:
  --ai-tool name-vX.Y     the tool that wrote it; else CODERISK_AI_TOOL, else the commit's AI-Tool: or
                          Co-authored-by: trailer, else ${UNKNOWN_TOOL}
  --ttl-days N            1 to ${MAX_TTL_DAYS}, ${DEFAULT_TTL_DAYS} by default
  --path-privacy MODE     plain, or hashed: file names are then published as keyed hashes only
  --no-repository         do not name the repository (its origin) in the certificate
  --language L            --framework F
  --dry-run               say what would be sent, and send nothing
  --json                  one JSON document: { certificate, page_url, badge_url, missing_evidence, evidence,
                          skipped }
  --url URL               the network, else CODERISK_URL, else the local stack
  --api-key KEY           better in CODERISK_API_KEY: other processes see a command line

Binary files, links and submodules are named in the certificate, their contents are not sent.`,

  async run(context) {
    const { values, positionals } = parseOptions(context.args, OPTIONS)
    const selection = select(values, positionals)
    const settings = readSettings(values)
    const evidenceOptions = readEvidenceOptions(values)
    const { terminal, cwd, env } = context
    const progress = (step: string) => {
      if (!values.json) terminal.progress(step)
    }
    const connection = values['dry-run'] ? null : authorisedConnection(values, context)
    progress('reading the change')
    const collection = await collectChange(cwd, env, selection)
    const { change, repositoryName } = collection
    const tool = chooseTool(values['ai-tool'], context, change)
    const found = await collectEvidence(collection, evidenceOptions, cwd, progress)
    const warn = (line: string) => terminal.warn(line)
    const { ci } = evidenceOptions
    const evidence = connection === null ? found : await bindToCi(found, change, ci, env, warn)
    const repository = values['no-repository'] ? null : repositoryName
    const draft = { change, tool, repository, settings, evidence }
    if (connection === null) return reportDryRun(draft, values.json, context)
    const issued = await issue(connection, draft, ci === 'required', { progress, warn })
    const certification = { ...issued, change, tool, baseUrl: connection.baseUrl }
    if (values.json) terminal.printJson(certificationDocument(certification))
    else printCertification(terminal, certification, context.now)
    return 0
  },
}

function reportDryRun(draft: Draft, json: boolean, { terminal }: CommandContext): ExitCode {
  const dryRun = { ...draft, body: encodeRequest(draft) }
  if (json) terminal.printJson(dryRunDocument(dryRun))
  else printDryRun(terminal, dryRun)
  return 0
}

function select(values: { base?: string | undefined; staged: boolean }, paths: readonly string[]): Selection {
  const given = [values.base !== undefined, values.staged, paths.length > 0].filter(Boolean).length
  if (given > 1) throw usageFailure('give --base, --staged or paths, not two of them')
  if (values.base !== undefined) return { kind: 'since', base: values.base }
  if (values.staged) return { kind: 'staged' }
  return paths.length > 0 ? { kind: 'paths', paths } : { kind: 'last_commit' }
}

function readSettings(values: {
  'ttl-days'?: string | undefined
  'path-privacy': string
  language?: string | undefined
  framework?: string | undefined
}): Settings {
  const days = values['ttl-days'] === undefined ? DEFAULT_TTL_DAYS : Number(values['ttl-days'])
  if (!Number.isInteger(days) || days < 1 || days > MAX_TTL_DAYS) {
    throw usageFailure(`--ttl-days must be a whole number from 1 to ${MAX_TTL_DAYS}`)
  }
  const privacy = values['path-privacy']
  if (privacy !== 'plain' && privacy !== 'hashed')
    throw usageFailure('--path-privacy must be plain or hashed')
  return {
    path_privacy: privacy,
    ttl_days: days,
    ...(values.language === undefined ? {} : { language: values.language }),
    ...(values.framework === undefined ? {} : { framework: values.framework }),
  }
}

function authorisedConnection(
  values: { url?: string | undefined; 'api-key'?: string | undefined },
  { env, cwd, terminal }: CommandContext,
): Connection {
  const connection = resolveConnection(values, env, cwd)
  if (connection.apiKey === null) {
    throw inputFailure(
      `no API key for ${connection.baseUrl}`,
      'Set CODERISK_API_KEY, or start a local network that needs none: npm start',
    )
  }
  if (values['api-key'] !== undefined) {
    terminal.warn('--api-key can be read by other processes: CODERISK_API_KEY is safer')
  }
  return connection
}

function chooseTool(option: string | undefined, { env }: CommandContext, change: CollectedChange): AiTool {
  const named = option ?? (env.CODERISK_AI_TOOL || undefined)
  if (named === undefined) {
    return toolFromMessages(change.messages) ?? { name: UNKNOWN_TOOL, source: 'nothing names one' }
  }
  const source = option === undefined ? 'CODERISK_AI_TOOL' : '--ai-tool'
  if (!isToolName(named)) throw usageFailure(`${source} must be name-vX.Y, such as claude-code-v1.0`)
  return { name: named, source }
}
