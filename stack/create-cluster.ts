import { spawn } from 'node:child_process'
import { chownSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { PostgresBinaries, SystemUser } from './postgres-binaries.ts'
import { asOwner } from './postgres-user.ts'
import { StackError } from './stack-error.ts'

export interface NewCluster {
  readonly directory: string
  readonly user: SystemUser | undefined
  readonly binaries: PostgresBinaries
  readonly role: string
  readonly password: string
}

/** Runs initdb under a temporary name, so that a cluster with the real name is always a whole one. */
export async function createCluster(cluster: NewCluster): Promise<void> {
  const workshop = path.join(path.dirname(cluster.directory), `postgresql.new-${process.pid}`)
  const unfinished = path.join(workshop, 'cluster')
  const passwordFile = path.join(workshop, 'password')
  mkdirSync(workshop, { mode: 0o700 })
  try {
    mkdirSync(unfinished, { mode: 0o700 })
    writeFileSync(passwordFile, cluster.password, { mode: 0o600 })
    for (const entry of [workshop, unfinished, passwordFile]) {
      if (cluster.user !== undefined) chownSync(entry, cluster.user.uid, cluster.user.gid)
    }
    await initdb(cluster, unfinished, passwordFile)
    renameSync(unfinished, cluster.directory)
  } finally {
    rmSync(workshop, { recursive: true, force: true })
  }
}

function initdb(cluster: NewCluster, directory: string, passwordFile: string): Promise<void> {
  const command = asOwner(cluster.user, directory, cluster.binaries.initdb, [
    ...['-D', directory, '-U', cluster.role, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
    ...['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
    '--no-sync',
    '--no-instructions',
  ])
  return new Promise((resolve, reject) => {
    const child = spawn(command.file, command.args, {
      ...command.options,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let complaint = ''
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      complaint += text
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) return resolve()
      const reason = complaint.split('\n').find((line) => line.includes('error')) ?? complaint.trim()
      reject(new StackError(`PostgreSQL's data folder could not be created: ${reason.slice(0, 300)}`))
    })
  })
}
