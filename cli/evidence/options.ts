import { usageFailure } from '../failure.ts'
import { MAX_REPORTS } from '../limits.ts'

/** Options of `certify` about evidence. */
export const EVIDENCE_OPTIONS = {
  coverage: { type: 'string', multiple: true },
  'no-coverage': { type: 'boolean', default: false },
  sarif: { type: 'string', multiple: true },
  'no-sarif': { type: 'boolean', default: false },
  'no-history': { type: 'boolean', default: false },
  'no-ci': { type: 'boolean', default: false },
  'require-ci': { type: 'boolean', default: false },
} as const

/** Where the reports of one kind come from: named files, the usual places, or nowhere. */
export type ReportSource =
  | { readonly kind: 'named'; readonly files: readonly string[] }
  | { readonly kind: 'found' }
  | { readonly kind: 'none' }

export interface EvidenceOptions {
  readonly coverage: ReportSource
  readonly sarif: ReportSource
  readonly history: boolean
  readonly ci: 'off' | 'if_present' | 'required'
}

export function readEvidenceOptions(values: {
  coverage?: string[] | undefined
  'no-coverage': boolean
  sarif?: string[] | undefined
  'no-sarif': boolean
  'no-history': boolean
  'no-ci': boolean
  'require-ci': boolean
}): EvidenceOptions {
  if (values['no-ci'] && values['require-ci']) throw usageFailure('give --no-ci or --require-ci, not both')
  return {
    coverage: readSource('coverage', values.coverage, values['no-coverage']),
    sarif: readSource('sarif', values.sarif, values['no-sarif']),
    history: !values['no-history'],
    ci: values['require-ci'] ? 'required' : values['no-ci'] ? 'off' : 'if_present',
  }
}

function readSource(name: string, files: readonly string[] | undefined, none: boolean): ReportSource {
  if (files === undefined) return none ? { kind: 'none' } : { kind: 'found' }
  if (none) throw usageFailure(`give --${name} or --no-${name}, not both`)
  if (files.length > MAX_REPORTS) throw usageFailure(`--${name} can be given ${MAX_REPORTS} times at most`)
  return { kind: 'named', files }
}
