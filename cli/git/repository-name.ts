import { MAX_REPOSITORY_CHARACTERS } from '../limits.ts'

/**
 * A remote's URL as the name of a repository: `github.com/owner/repo`. User names, passwords, tokens, queries
 * and the `.git` suffix are dropped; a folder of this machine names nothing to others.
 *
 * @returns null when the URL names no host
 */
export function repositoryName(remoteUrl: string): string | null {
  const url = remoteUrl.trim()
  const parts = url.includes('://') ? fromUrl(url) : fromScpForm(url)
  if (parts === null) return null
  const path = parts.path
    .replace(/^\/+|\/+$/g, '')
    .replace(/\.git$/, '')
    .replace(/\/{2,}/g, '/')
  const name = `${parts.host.toLowerCase()}/${path}`
  return path === '' || name.length > MAX_REPOSITORY_CHARACTERS ? null : name
}

function fromUrl(text: string): { host: string; path: string } | null {
  if (!/^(https?|ssh|git|git\+ssh|git\+https):\/\//i.test(text)) return null
  try {
    const url = new URL(text)
    const host = /^https?:$/.test(url.protocol) ? url.host : url.hostname
    return host === '' ? null : { host, path: decodeURI(url.pathname) }
  } catch {
    return null
  }
}

/** `[user@]host:path`, git's own short form of ssh. A drive (`C:\`) or a path with a slash first is a folder. */
function fromScpForm(text: string): { host: string; path: string } | null {
  const match = /^(?:[^@/]+@)?([^:/@\\]{2,}):(?!\/\/)(.+)$/.exec(text)
  return match === null ? null : { host: match[1]!, path: match[2]! }
}
