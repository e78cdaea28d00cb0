import { lstat, readdir, realpath } from 'node:fs/promises'
import { isAbsolute, join, relative, sep } from 'node:path'
import { COVERAGE_PLACES, NO_PROJECTS, SARIF_FOLDERS, SARIF_NAME, WORKSPACES } from './places.ts'

const MAX_PROJECTS = 100
/** Entries of one folder that are looked at. */
const MAX_ENTRIES = 2000
/** Files that are opened. */
const MAX_CANDIDATES = 100

/** Files of the same run in several formats, the one to prefer first; paths below the root, with `/`. */
export type Candidates = readonly string[]

/** The coverage reports in the usual places of a repository, its folders and its workspaces. */
export async function findCoverage(topFolder: string): Promise<Candidates[]> {
  const root = await realpath(topFolder)
  const found: Candidates[] = []
  for (const project of await listProjects(root)) {
    for (const group of COVERAGE_PLACES) {
      const files = await keepFiles(
        root,
        group.map((place) => below(project, place)),
      )
      if (files.length > 0) found.push(files)
    }
  }
  return found.slice(0, MAX_CANDIDATES)
}

/** The SARIF files in the usual folders of a repository, its folders and its workspaces. */
export async function findSarif(topFolder: string): Promise<Candidates[]> {
  const root = await realpath(topFolder)
  const found: string[] = []
  for (const project of await listProjects(root)) {
    for (const folder of SARIF_FOLDERS) {
      const names = await list(root, below(project, folder))
      const reports = names.filter(({ name }) => SARIF_NAME.test(name)).map(({ path }) => path)
      found.push(...(await keepFiles(root, reports)))
    }
  }
  return found.slice(0, MAX_CANDIDATES).map((path) => [path])
}

async function listProjects(root: string): Promise<string[]> {
  const folders = await listFolders(root, '')
  const projects = folders.filter((path) => !NO_PROJECTS.has(path))
  for (const workspace of WORKSPACES) projects.push(...(await listFolders(root, workspace)))
  return ['', ...projects].slice(0, MAX_PROJECTS)
}

/** Folders in plain sight. One with a repository of its own, such as a submodule, is another project's. */
async function listFolders(root: string, folder: string): Promise<string[]> {
  const folders: string[] = []
  for (const { name, path, isFolder } of await list(root, folder)) {
    if (!isFolder || name.startsWith('.') || name === 'node_modules') continue
    if ((await lstat(join(root, path, '.git')).catch(() => null)) === null) folders.push(path)
  }
  return folders
}

interface Entry {
  readonly name: string
  readonly path: string
  /** Not of a link to one. */
  readonly isFolder: boolean
}

async function list(root: string, folder: string): Promise<Entry[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => [])
  return entries
    .slice(0, MAX_ENTRIES)
    .map((entry) => ({
      name: entry.name,
      path: below(folder, entry.name),
      isFolder: entry.isDirectory(),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** What is there, and is no link that leads out of `root` (a real path), however the way there goes. */
async function keepFiles(root: string, paths: readonly string[]): Promise<string[]> {
  const kept: string[] = []
  for (const path of paths) {
    const real = await realpath(join(root, path)).catch(() => null)
    if (real === null) continue
    const inside = relative(root, real)
    if (isAbsolute(inside) || ['..', '.git'].includes(inside.split(sep)[0]!)) continue
    if ((await lstat(real).catch(() => null))?.isFile()) kept.push(path)
  }
  return kept
}

function below(folder: string, name: string): string {
  return folder === '' || name === '' ? folder + name : `${folder}/${name}`
}
