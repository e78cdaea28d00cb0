/** One thing that was checked, in the words that the reader sees. */
export interface Step {
  readonly title: string
  readonly result: StepResult
  readonly detail: string
  /** A value worth comparing with one's own tools, such as a hash. */
  readonly value?: string | undefined
}

/** `unsure` could not be decided; `noted` was looked at and does not count; `skipped` rests on what failed before. */
export type StepResult = 'passed' | 'failed' | 'unsure' | 'noted' | 'skipped'

export type Tone = 'good' | 'bad' | 'warn' | 'unsure'

/** What came of it all, and the steps that led there. */
export interface Report {
  readonly tone: Tone
  readonly title: string
  readonly steps: readonly Step[]
}

export const passed = (title: string, detail: string, value?: string): Step => ({
  title,
  result: 'passed',
  detail,
  value,
})
export const failed = (title: string, detail: string): Step => ({ title, result: 'failed', detail })
export const unsure = (title: string, detail: string): Step => ({ title, result: 'unsure', detail })
export const noted = (title: string, detail: string): Step => ({ title, result: 'noted', detail })
export const skipped = (title: string): Step => ({ title, result: 'skipped', detail: 'Not reached.' })

export const isFailed = (step: Step) => step.result === 'failed'
