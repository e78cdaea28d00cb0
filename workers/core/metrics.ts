/** Counters of one host since it started, by series name with its labels. */
export class Metrics {
  readonly #counters = new Map<string, number>()

  count(series: string, by = 1): void {
    this.#counters.set(series, (this.#counters.get(series) ?? 0) + by)
  }

  snapshot(): Record<string, number> {
    return Object.fromEntries(this.#counters)
  }
}

export interface Family {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge'
  /** By label set as it is written, `{route="…"}`, or '' for none. */
  readonly values: ReadonlyMap<string, number>
}

/** Prometheus text exposition format 0.0.4. */
export function expose(families: readonly Family[]): string {
  return families
    .map(({ name, help, type, values }) => {
      const lines = [...values].map(([labels, value]) => `${name}${labels} ${value}`)
      return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines, ''].join('\n')
    })
    .join('')
}
