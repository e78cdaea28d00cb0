import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { LANGUAGES } from '../../../core/analysis/source/language.ts'

/** One file each; that of TypeScript holds TSX too. */
export const LABELLED_FILES = ['javascript', 'typescript', 'python', 'go', 'java'] as const

const labelledSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)+$/),
    language: z.enum(LANGUAGES),
    vulnerable: z.boolean(),
    cwe: z.array(z.string().regex(/^CWE-[1-9]\d*$/)),
    lines: z.array(z.int().positive()),
    note: z.string().min(1),
    code: z.array(z.string()).min(8).max(30),
  })
  .refine(({ vulnerable, cwe }) => vulnerable === cwe.length > 0, 'a flaw has a CWE, and a safe snippet none')
  .refine(
    ({ vulnerable, lines }) => vulnerable === lines.length > 0,
    'a flaw has a line, and a safe snippet none',
  )
  .refine(
    ({ lines, code }) => lines.every((line) => (code[line - 1] ?? '').trim() !== ''),
    'a labelled line has code on it',
  )
  .transform(({ code, ...sample }) => ({ ...sample, code: `${code.join('\n')}\n` }))

/** A snippet and what a person said of it. `lines`, from 1, are where the flaw arises and where it takes effect. */
export type LabelledSample = Readonly<z.output<typeof labelledSchema>>

/**
 * The labelled snippets of one file, or of all.
 *
 * @throws {z.ZodError} when a file does not have the shape that README.md describes
 */
export function readLabelled(
  files: readonly (typeof LABELLED_FILES)[number][] = LABELLED_FILES,
): LabelledSample[] {
  return files.flatMap((file) => {
    const text = readFileSync(new URL(`./${file}.json`, import.meta.url), 'utf8')
    return z.array(labelledSchema).parse(JSON.parse(text))
  })
}
