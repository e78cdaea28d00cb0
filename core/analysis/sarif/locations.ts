import type { ArtifactLocation, Run } from 'sarif'

/** Bases that are relative to each other (§3.14.14). */
const MAX_BASES = 8
/** Characters of a location, and of a base. */
const MAX_URI = 4_096

export interface ResolvedLocation {
  readonly path: string
  readonly base: string | null
}

/** A path without `.` and `..`, but for how many of the latter it begins with. */
interface Path {
  readonly absolute: boolean
  readonly up: number
  readonly text: string
}

/**
 * Resolves the artifact locations of a run (SARIF 2.1.0 §3.4) to paths: the `uri`, or that of the artifact which is pointed at,
 * below the bases that `uriBaseId` names. Percent signs are decoded before `..` is resolved, and `..` never leaves the top. A
 * location that names nothing is null.
 */
export function locationResolver(run: Run): (location: ArtifactLocation) => ResolvedLocation | null {
  const bases = new Map<string, Base>()
  return (location) => {
    const named = location.uri === undefined ? artifactAt(run, location.index) : location
    const own = readPath(named?.uri)
    if (named === undefined || own === null) return null
    if (own.absolute || named.uriBaseId === undefined) return locate(own, NO_BASE)
    const base = bases.get(named.uriBaseId) ?? resolveBase(run, named.uriBaseId)
    bases.set(named.uriBaseId, base)
    return locate(own, base)
  }
}

/** The absolute folder, and what lies between it and what is relative to the base. */
interface Base {
  readonly root: Path | null
  readonly between: Path | null
}

const NO_BASE: Base = { root: null, between: null }

function artifactAt({ artifacts }: Run, index: number | undefined): ArtifactLocation | undefined {
  return index === undefined ? undefined : artifacts?.[index]?.location
}

/** A base that is nowhere described is none. */
function resolveBase(run: Run, first: string): Base {
  const bases = run.originalUriBaseIds ?? {}
  let between: Path | null = null
  let id: string | undefined = first
  for (let i = 0; i < MAX_BASES && id !== undefined; i++) {
    const base: ArtifactLocation | undefined = Object.hasOwn(bases, id) ? bases[id] : undefined
    const path = readPath(base?.uri)
    if (path === null) break
    if (path.absolute) return { root: path, between }
    between = between === null ? path : join(path, between)
    if (between.text.length > MAX_URI) return NO_BASE
    id = base?.uriBaseId
  }
  return { root: null, between }
}

function locate(own: Path, { root, between }: Base): ResolvedLocation | null {
  const { absolute, up, text } = between === null ? own : join(between, own)
  if (text === '' || text.length > MAX_URI) return null
  if (root === null) return { path: absolute ? `/${text}` : text, base: null }
  return { path: text, base: `/${goUp(root.text, up)}` }
}

function join(outer: Path, inner: Path): Path {
  const kept = goUp(outer.text, inner.up)
  const text = kept === '' ? inner.text : `${kept}/${inner.text}`
  if (inner.up === 0) return { ...outer, text }
  const levels = outer.text === '' ? 0 : outer.text.split('/').length
  return { ...outer, up: outer.up + Math.max(0, inner.up - levels), text }
}

function goUp(path: string, levels: number): string {
  let end = path.length
  for (let i = 0; i < levels && end > 0; i++) end = Math.max(0, path.lastIndexOf('/', end - 1))
  return path.slice(0, end)
}

/** With a scheme (RFC 3986 §3.1), or as some tools write paths that are none of a URI: `/src`, `C:\src`. */
const ABSOLUTE = /^(?:[a-z][a-z0-9+.-]*:|[/\\])/i
/** `file:///w/a.ts` and `file://host/w/a.ts` are `/w/a.ts`; `file:///C:/a.ts` and `C:\a.ts` are `/C:/a.ts`. */
const SCHEME = /^[a-z][a-z0-9+.-]+:(?:\/\/[^/]*)?/i

function readPath(uri: string | undefined): Path | null {
  if (uri === undefined || uri === '' || uri.length > MAX_URI) return null
  const segments: string[] = []
  let up = 0
  for (const segment of decode(uri.replace(SCHEME, '')).normalize('NFC').split(/[/\\]/)) {
    if (segment === '..') {
      if (segments.pop() === undefined) up++
    } else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  return { absolute: ABSOLUTE.test(uri), up, text: segments.join('/') }
}

/** A path with a percent sign that encodes nothing was written as it is. */
function decode(uri: string): string {
  try {
    return decodeURIComponent(uri)
  } catch {
    return uri
  }
}
