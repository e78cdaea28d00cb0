import type { ReadableFile } from '../../proof/code.ts'

/** More are not looked through: a dropped folder may be anything. */
const MAX_ENTRIES = 200_000
/** What git keeps there is never part of a change. */
const SKIPPED = '.git'

/** Files of an `<input type=file>`; those of a folder come with their place in it. */
export function filesOf(list: Iterable<File>): ReadableFile[] {
  return [...list].map((file) => ({ path: file.webkitRelativePath || file.name, open: async () => file }))
}

/** What was dropped: files, and all that is in dropped folders. Nothing is read yet. */
export async function droppedFiles(transfer: DataTransfer): Promise<ReadableFile[]> {
  // Both must be asked for before anything is waited for: the transfer is empty afterwards.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  if (entries.length === 0) return filesOf(transfer.files)
  const found: ReadableFile[] = []
  for (const entry of entries) await walk(entry, found)
  return found
}

async function walk(entry: FileSystemEntry, found: ReadableFile[]): Promise<void> {
  if (found.length >= MAX_ENTRIES) return
  if (isFile(entry)) {
    const open = () => new Promise<File>((resolve, reject) => entry.file(resolve, reject))
    found.push({ path: entry.fullPath.slice(1), open })
  } else if (isFolder(entry) && entry.name !== SKIPPED) {
    for (const child of await children(entry)) await walk(child, found)
  }
}

async function children(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    // It answers with some at a time, and with none at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    ).catch(() => [])
    if (some.length === 0) return all
    all.push(...some)
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory
