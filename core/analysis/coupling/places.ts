/** Names in a dotted name, or segments of an import path; what has more is not understood. */
export const MAX_NAMES = 12

/** Where an import may lead. */
export interface Place {
  /**
   * `exact`: this path. `stem`: a script of this path but for its extension. `end`: a path or a stem that ends with
   * these segments, the nearest to the importing file. `above`: one that has them in a folder above the importing
   * file, or in `src/` there.
   */
  readonly kind: 'exact' | 'stem' | 'end' | 'above'
  readonly path: string
}

/** The folder of a file, '' for the top one. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/** Resolves `.` and `..`; null for what lies outside of the repository. */
export function joinPath(folder: string, relative: string): string | null {
  const segments = folder === '' ? [] : folder.split('/')
  for (const segment of relative.split('/')) {
    if (segment === '..') {
      if (segments.pop() === undefined) return null
    } else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  return segments.join('/')
}

/** `a/b`, and `b` where there is no folder. */
export function inFolder(folder: string, path: string): string {
  return folder === '' ? path : `${folder}/${path}`
}
