import { Refusal } from '../../core/refusal.ts'
import { type IssueRequest, MAX_CONTENT_BYTES } from '../../schema/wire/issue.ts'

const UTF8 = new TextEncoder()

/** Refuses a list of files that is too long before each of them is validated. */
export function limitFileCount(json: unknown, maximum: number): void {
  const { files, files_changed: filesChanged } = (json ?? {}) as { files?: unknown; files_changed?: unknown }
  for (const list of [files, filesChanged]) {
    if (Array.isArray(list) && list.length > maximum) {
      throw new Refusal('too_many_files', {
        detail: `${list.length} files were given; at most ${maximum} are taken.`,
      })
    }
  }
}

/** Refuses more than 2 MiB of contents, or of what they were before. */
export function limitContents(request: IssueRequest): void {
  const files = request.files ?? []
  const contents = bytes(request.code) + files.reduce((sum, file) => sum + bytes(file.content), 0)
  const before = files.reduce((sum, file) => sum + bytes(file.previous_content) + bytes(file.patch), 0)
  if (contents > MAX_CONTENT_BYTES || before > MAX_CONTENT_BYTES) {
    const detail = `At most ${MAX_CONTENT_BYTES} bytes of contents are taken, and as many of what they were before.`
    throw new Refusal('body_too_large', { detail })
  }
}

function bytes(text: string | undefined): number {
  return text === undefined ? 0 : UTF8.encode(text).length
}
