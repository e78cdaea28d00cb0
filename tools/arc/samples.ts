import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type Language, languageOf } from '../../core/analysis/source/language.ts'

export interface Sample {
  /** Of the entry. */
  readonly slug: string
  readonly file: string
  readonly language: Language
  readonly code: string
}

export const SAMPLES = path.join(import.meta.dirname, 'samples')

/** All samples, by slug and file name. */
export function readSamples(directory = SAMPLES): Sample[] {
  return readdirSync(directory)
    .sort()
    .flatMap((slug) =>
      readdirSync(path.join(directory, slug))
        .sort()
        .flatMap((file) => {
          const language = languageOf(file)
          if (language === null) return []
          return [{ slug, file, language, code: readFileSync(path.join(directory, slug, file), 'utf8') }]
        }),
    )
}
