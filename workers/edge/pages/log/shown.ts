import { visible } from '../html.ts'

/** An entry may have 64 KiB; a page has no room for that. */
const MAX_SHOWN_CHARACTERS = 2_000

/** The JSON of an entry as the page shows it. The browser makes the same of the entry that it has hashed, and compares. */
export function shownEntry(text: string): string {
  return visible(text.slice(0, MAX_SHOWN_CHARACTERS))
}

/** How many characters that leaves out. */
export function leftOut(text: string): number {
  return Math.max(0, text.length - MAX_SHOWN_CHARACTERS)
}
