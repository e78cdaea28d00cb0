/** Calls back for each line of a text with its number from 1, without what ends it ("\n" or "\r\n"). */
export function forEachLine(text: string, callback: (line: string, number: number) => void): void {
  let number = 1
  for (let start = 0; start < text.length; number++) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 ? text.length : newline
    const carriage = end > start && text.charCodeAt(end - 1) === 0x0d
    callback(text.slice(start, carriage ? end - 1 : end), number)
    start = end + 1
  }
}

/** A number of decimal digits alone. More than a double holds is its greatest integer. @returns null for anything else */
export function readCount(text: string): number | null {
  if (text === '' || text.length > 40) return null
  let value = 0
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30
    if (digit < 0 || digit > 9) return null
    value = value * 10 + digit
  }
  return Math.min(value, Number.MAX_SAFE_INTEGER)
}
