import { inputFailure } from '../failure.ts'
import { decodePath } from './paths.ts'

export const SYMLINK_MODE = '120000'
export const SUBMODULE_MODE = '160000'

/** One entry of `git diff-tree --raw -z`. Absent sides have mode `000000`. */
export interface RawChange {
  readonly status: string
  readonly oldMode: string
  readonly newMode: string
  readonly oldId: string
  readonly newId: string
  /** The name after the change; of a deletion, the name before it. */
  readonly path: string
  /** The name before, when it was another (renames). */
  readonly oldPath: string | null
}

/** @param output of `--raw -z --no-abbrev`: `:mode mode id id status NUL path NUL [path NUL]` */
export function parseRawDiff(output: Buffer): RawChange[] {
  const fields = splitNul(output)
  const changes: RawChange[] = []
  for (let i = 0; i < fields.length; ) {
    const [oldMode = '', newMode = '', oldId = '', newId = '', status = ''] = fields[i++]!.toString('latin1')
      .replace(/^:/, '')
      .split(' ')
    const first = fields[i++]!
    const second = /^[RC]/.test(status) ? fields[i++]! : null
    const path = decodePath(second ?? first)
    if (status === 'U') throw inputFailure(`${path} has conflicts that are not resolved`)
    changes.push({
      status: status.slice(0, 1),
      oldMode,
      newMode,
      oldId,
      newId,
      path,
      oldPath: second === null ? null : decodePath(first),
    })
  }
  return changes
}

/** The fields of a NUL-terminated list, as bytes. */
export function splitNul(output: Buffer): Buffer[] {
  const fields: Buffer[] = []
  for (let start = 0; start < output.length; ) {
    const end = output.indexOf(0, start)
    fields.push(output.subarray(start, end === -1 ? output.length : end))
    if (end === -1) break
    start = end + 1
  }
  return fields
}
