import { z } from '@hono/zod-openapi'

/**
 * Strings as they arrive from strangers: bounded, without NUL and without lone surrogates, so that
 * they can be stored, hashed and canonicalised (RFC 8785 refuses a lone surrogate).
 */
export const text = (maximumCharacters: number) =>
  z
    .string()
    .min(1)
    .max(maximumCharacters, { abort: true })
    .refine((value) => value.isWellFormed(), 'contains a lone surrogate')
    .refine((value) => !value.includes('\0'), 'contains a NUL character')

/** Source text: like {@link text}, but it may be empty and its size is limited as a whole elsewhere. */
export const sourceText = z
  .string()
  .refine((value) => value.isWellFormed(), 'contains a lone surrogate')
  .refine((value) => !value.includes('\0'), 'contains a NUL character: send text files only')

const MAX_PATH_BYTES = 1024
const UTF8 = new TextEncoder()
/** Neither breaks a line nor turns the direction of what is shown around it (CVE-2021-42574). */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u

/** A relative POSIX path in NFC: no `..`, no backslash, no control character, no empty segment. */
export const relativePath = text(MAX_PATH_BYTES)
  .refine((path) => UTF8.encode(path).length <= MAX_PATH_BYTES, `is longer than ${MAX_PATH_BYTES} bytes`)
  .refine((path) => !path.startsWith('/'), 'must be relative, not absolute')
  .refine((path) => !/^[A-Za-z]:/.test(path), 'must be relative, not a drive path')
  .refine((path) => !path.includes('\\'), 'must use / and not a backslash')
  .refine(
    (path) => path.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..'),
    'must not contain empty, "." or ".." segments',
  )
  .refine((path) => !UNPRINTABLE.test(path), 'contains a control character')
  .refine((path) => path === path.normalize('NFC'), 'must be in Unicode normalisation form NFC')

/** RFC 3339 in UTC with milliseconds, as `Date.prototype.toISOString` writes it. */
export const timestamp = z.iso.datetime({ precision: 3 }).openapi({ example: '2026-11-21T02:48:23.000Z' })
