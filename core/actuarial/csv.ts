/** Begins a formula where spreadsheets open it (OWASP, "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r]/
const NEEDS_QUOTES = /[",\r\n]/

/** RFC 4180: CRLF after each record, quotes where they are needed. A cell that a spreadsheet would run gets an apostrophe. */
export function csv(records: readonly (readonly string[])[]): string {
  return records.map((cells) => `${cells.map(cell).join(',')}\r\n`).join('')
}

function cell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text
  return NEEDS_QUOTES.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
