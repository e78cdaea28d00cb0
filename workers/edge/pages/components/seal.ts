import { type Html, html, raw } from '../html.ts'

/**
 * An engraved rosette (guilloche), as on banknotes, drawn from a hash: the same hash always draws the same
 * figure. It is an ornament to recognise a certificate by, and proves nothing; the signature does that.
 *
 * Two bands, each one closed wave turned several times by a fraction of its own period. The copies refer to
 * the first wave by `use`, which keeps the figure at about 4 KB.
 *
 * @param hash hex; missing digits count as zero
 */
export function seal(hash: string): Html {
  const byte = (index: number) => Number.parseInt(hash.slice(2 * index, 2 * index + 2), 16) || 0
  const share = (index: number) => byte(index) / 255
  const outer: Band = {
    waves: 11 + (byte(0) % 8),
    copies: 5 + (byte(1) % 3),
    middle: 790,
    swing: 130 + 60 * share(2),
    bend: 0.55 * share(3) - 0.275,
  }
  const inner: Band = {
    waves: 7 + (byte(4) % 6),
    copies: 5 + (byte(5) % 3),
    middle: 530,
    swing: 90 + 60 * share(6),
    bend: 0.55 * share(7) - 0.275,
  }
  return html`<svg class="seal" viewBox="-1000 -1000 2000 2000" width="200" height="200" aria-hidden="true" focusable="false">${raw(drawBand('seal-outer', outer))}${raw(drawBand('seal-inner', inner))}<circle class="seal__core" r="350"/><circle r="375"/><circle r="990"/></svg>`
}

/** Lengths in thousandths of the figure's radius. */
interface Band {
  readonly waves: number
  readonly copies: number
  readonly middle: number
  readonly swing: number
  /** How far each wave leans over, in radians of its own period. */
  readonly bend: number
}

function drawBand(id: string, band: Band): string {
  let drawn = `<path id="${id}" d="${drawWave(band)}"/>`
  for (let copy = 1; copy < band.copies; copy++) {
    const angle = ((copy * 360) / (band.waves * band.copies)).toFixed(2)
    drawn += `<use href="#${id}" transform="rotate(${angle})"/>`
  }
  return drawn
}

const POINTS_PER_WAVE = 8

/** A closed curve of quadratic pieces: the points are its controls, the curve runs through their midpoints. */
function drawWave({ waves, middle, swing, bend }: Band): string {
  const count = waves * POINTS_PER_WAVE
  const point = (i: number): readonly [number, number] => {
    const angle = (2 * Math.PI * i) / count
    const phase = waves * angle
    const radius = middle + swing * Math.sin(phase + bend * Math.sin(phase))
    return [radius * Math.cos(angle), radius * Math.sin(angle)]
  }
  const [startX, startY] = halfway(point(-1), point(0))
  let [x, y] = [startX, startY]
  let path = `M${x} ${y}q`
  for (let i = 0; i < count; i++) {
    const control = point(i)
    const [nextX, nextY] = i === count - 1 ? [startX, startY] : halfway(control, point(i + 1))
    path += [Math.round(control[0]) - x, Math.round(control[1]) - y, nextX - x, nextY - y]
      .join(' ')
      .replaceAll(' -', '-')
    path += i === count - 1 ? 'z' : ' '
    ;[x, y] = [nextX, nextY]
  }
  return path
}

function halfway(a: readonly [number, number], b: readonly [number, number]): [number, number] {
  return [Math.round((a[0] + b[0]) / 2), Math.round((a[1] + b[1]) / 2)]
}
