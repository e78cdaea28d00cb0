import type {
  ReportingConfiguration,
  ReportingDescriptor,
  ReportingDescriptorReference,
  Result,
  Run,
  ToolComponent,
} from 'sarif'

export type SarifLevel = ReportingConfiguration.level

/** What the rule of a result says of it. */
export interface ResolvedRule {
  readonly id: string
  /** Its short description, or ''. */
  readonly title: string
  readonly level: SarifLevel
  readonly securitySeverity: number | null
  readonly cwe: readonly string[]
}

const LEVELS: readonly unknown[] = ['none', 'note', 'warning', 'error'] satisfies SarifLevel[]
/** `CWE-79: …`, `external/cwe/cwe-079`, `cwe_79`. */
const CWE = /cwe[-_/: ]?0*([1-9]\d{0,4})(?!\d)/gi
/** Tags of a rule that are looked at, and characters of each. */
const MAX_TAGS = 64
const MAX_TAG = 300

/**
 * Finds the rules of a run's results: by index or identifier, in the tool's driver or in one of its extensions (SARIF 2.1.0
 * §3.27.7, §3.52). What a rule says twice is read once.
 */
export function ruleFinder(run: Run): (result: Result) => ResolvedRule {
  const components = [run.tool.driver, ...(run.tool.extensions ?? [])]
  const byId = new Map<string, ReportingDescriptor>()
  for (const rule of components.flatMap((component) => component.rules ?? [])) {
    if (!byId.has(rule.id)) byId.set(rule.id, rule)
  }
  const classified = new Map<ReportingDescriptor, string[]>()
  return (result) => {
    const rule = findRule(run, components, byId, result)
    const id = result.ruleId ?? result.rule?.id ?? rule?.id ?? 'unknown'
    let cwe = rule === undefined ? [] : classified.get(rule)
    if (cwe === undefined) {
      cwe = readCwe(rule!)
      classified.set(rule!, cwe)
    }
    const own = [...tagsOf(result.properties), ...namesOf(result.taxa)]
    return {
      id,
      title: rule?.shortDescription?.text ?? '',
      level: levelOf(result, rule),
      securitySeverity: scoreOf(result.properties) ?? scoreOf(rule?.properties),
      cwe: own.length === 0 ? cwe : [...new Set([...cwe, ...own.flatMap(cweIn)])],
    }
  }
}

function findRule(
  run: Run,
  components: readonly ToolComponent[],
  byId: ReadonlyMap<string, ReportingDescriptor>,
  result: Result,
): ReportingDescriptor | undefined {
  const id = result.ruleId ?? result.rule?.id
  const index = result.ruleIndex ?? result.rule?.index
  if (index !== undefined && index >= 0) {
    const rule = componentOf(run, components, result)?.rules?.[index]
    // An index that contradicts the identifier is a mistake of the tool's: the identifier is what people read.
    if (rule !== undefined && (id === undefined || id === rule.id || id.startsWith(`${rule.id}/`)))
      return rule
  }
  if (id === undefined) return undefined
  // §3.52.4: an identifier may go further than the rule's, by "/" and more.
  return byId.get(id) ?? byId.get(id.slice(0, Math.max(0, id.lastIndexOf('/'))))
}

/** §3.54: `index` counts the extensions; a name or GUID may say it instead. */
function componentOf(
  run: Run,
  components: readonly ToolComponent[],
  { rule }: Result,
): ToolComponent | undefined {
  const reference = rule?.toolComponent
  if (reference === undefined) return run.tool.driver
  const { index, guid, name } = reference
  if (index !== undefined && index >= 0) return run.tool.extensions?.[index]
  return components.find(
    (component) =>
      (guid !== undefined && component.guid === guid) || (name !== undefined && component.name === name),
  )
}

/** §3.27.10: the result's own, else the rule's, else `warning`. */
function levelOf(result: Result, rule: ReportingDescriptor | undefined): SarifLevel {
  if (isLevel(result.level)) return result.level
  const configured = rule?.defaultConfiguration?.level
  return isLevel(configured) ? configured : 'warning'
}

function isLevel(value: unknown): value is SarifLevel {
  return LEVELS.includes(value)
}

/** `security-severity`, 0–10 as a string (GitHub's SARIF support for code scanning) or a number. */
function scoreOf(properties: unknown): number | null {
  const value = (properties as Record<string, unknown> | undefined)?.['security-severity']
  const isNumeric =
    typeof value === 'number' || (typeof value === 'string' && /^\d{1,2}(?:\.\d{1,8})?$/.test(value))
  const score = isNumeric ? Number(value) : Number.NaN
  return score >= 0 && score <= 10 ? score : null
}

function readCwe(rule: ReportingDescriptor): string[] {
  const related = (rule.relationships ?? []).slice(0, MAX_TAGS).map(({ target }) => target)
  return [...new Set([...tagsOf(rule.properties), ...namesOf(related)].flatMap(cweIn))]
}

function tagsOf(properties: unknown): string[] {
  const { tags, cwe } = (properties ?? {}) as { tags?: unknown; cwe?: unknown }
  const own = (Array.isArray(cwe) ? cwe : [cwe]).slice(0, MAX_TAGS).map((text) => {
    return typeof text === 'number' || /^\d+$/.test(String(text)) ? `cwe-${text}` : text
  })
  return [...(Array.isArray(tags) ? tags.slice(0, MAX_TAGS) : []), ...own].filter(
    (tag) => typeof tag === 'string',
  )
}

/** Taxa of the CWE: `{ id: '327', toolComponent: { name: 'CWE' } }`. */
function namesOf(references: readonly ReportingDescriptorReference[] | undefined): string[] {
  return (references ?? []).slice(0, MAX_TAGS).flatMap(({ id, toolComponent }) => {
    if (id === undefined) return []
    return [/^\d+$/.test(id) && toolComponent?.name?.toUpperCase() === 'CWE' ? `cwe-${id}` : id]
  })
}

function cweIn(text: string): string[] {
  return [...text.slice(0, MAX_TAG).matchAll(CWE)].map(([, number]) => `CWE-${number}`)
}
