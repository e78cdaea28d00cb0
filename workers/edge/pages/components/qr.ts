import { encode } from 'uqr'
import { type Html, html, raw } from '../html.ts'

/** Quiet zone that ISO/IEC 18004 asks for, in modules. */
const QUIET_ZONE = 4

/** Choosing the best of the eight masks takes 17 times as long; every reader decodes every mask. */
const MASK_PATTERN = 2

/** `text` as a QR code, always dark on light; null when it is too long for one. */
export function qrCode(text: string, label: string): Html | null {
  let modules: boolean[][]
  try {
    modules = encode(text, { ecc: 'M', border: 0, maskPattern: MASK_PATTERN }).data
  } catch {
    return null
  }
  const side = modules.length + 2 * QUIET_ZONE
  return html`<svg class="qr" viewBox="0 0 ${side} ${side}" width="${side * 4}" height="${side * 4}" role="img" aria-label="${label}" shape-rendering="crispEdges"><rect width="${side}" height="${side}" fill="#fff"/><path fill="#10191d" d="${raw(modules.map(drawRow).join(''))}"/></svg>`
}

/** One horizontal bar per run of dark modules. */
function drawRow(row: readonly boolean[], y: number): string {
  let path = ''
  for (let x = 0; x < row.length; x++) {
    if (!row[x]) continue
    const start = x
    while (row[x + 1]) x++
    const width = x - start + 1
    path += `M${start + QUIET_ZONE} ${y + QUIET_ZONE}h${width}v1h-${width}z`
  }
  return path
}
