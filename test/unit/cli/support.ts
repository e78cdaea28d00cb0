import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'
import type { Certificate } from '../../../schema/wire/certificate.ts'
import type { Verification } from '../../../schema/wire/verification.ts'

/** Every test that uses this starts processes, which a busy machine is slow to do. */
vi.setConfig({ testTimeout: 60_000 })

const MAIN = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url))

export const CERTIFICATE_ID = 'CERT-2026-7k3m9q2x4w8t1v6z'

export interface CliRun {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A temporary folder, gone when the test is. */
export function temporaryFolder(onCleanUp: (cleanUp: () => void) => void): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'coderisk-cli-')))
  onCleanUp(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** An environment without the user's git and CodeRisk settings; `home` takes the place of the home folder. */
export function isolatedEnv(home: string, more: Record<string, string> = {}): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: home,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'A. Tester',
    GIT_AUTHOR_EMAIL: 'tester@example.com',
    GIT_COMMITTER_NAME: 'A. Tester',
    GIT_COMMITTER_EMAIL: 'tester@example.com',
    ...more,
  }
}

/** A real git repository in a temporary folder. */
export class TestRepository {
  readonly folder: string
  readonly env: Record<string, string>

  constructor(folder: string, options: readonly string[] = []) {
    this.folder = folder
    this.env = isolatedEnv(dirname(folder))
    mkdirSync(folder, { recursive: true })
    this.git('init', '--quiet', '--initial-branch=main', ...options)
  }

  git(...args: string[]): string {
    return execFileSync('git', args, {
      cwd: this.folder,
      env: this.env,
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim()
  }

  write(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true })
    writeFileSync(join(this.folder, path), content)
  }

  /** Stages everything and commits it. @returns the commit's id */
  commit(message = 'change'): string {
    this.git('add', '--all')
    this.git('commit', '--quiet', '--allow-empty', '-m', message)
    return this.git('rev-parse', 'HEAD')
  }
}

export function runCli(
  args: readonly string[],
  options: { cwd: string; env: Record<string, string>; input?: string },
): Promise<CliRun> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [MAIN, ...args], { cwd: options.cwd, env: options.env })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      stdout += chunk
    })
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      stderr += chunk
    })
    child.on('close', (code) => resolve({ code, stdout, stderr }))
    child.stdin.on('error', () => {})
    child.stdin.end(options.input ?? '')
  })
}

export interface ReceivedRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface ScriptedAnswer {
  readonly status: number
  readonly json?: unknown
  readonly text?: string
  readonly headers?: Record<string, string>
  /** Ends the connection without an answer. */
  readonly hangUp?: boolean
}

export interface FakeNetwork {
  readonly url: string
  readonly requests: readonly ReceivedRequest[]
  close(): Promise<void>
}

/** An HTTP server on loopback that answers as the script says, and keeps what it was asked. */
export async function startFakeNetwork(
  answer: (request: ReceivedRequest, count: number) => ScriptedAnswer,
): Promise<FakeNetwork> {
  const requests: ReceivedRequest[] = []
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const request = {
      method: incoming.method ?? '',
      url: incoming.url ?? '',
      headers: incoming.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    }
    requests.push(request)
    send(response, answer(request, requests.length))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function send(response: ServerResponse, answer: ScriptedAnswer): void {
  if (answer.hangUp === true) {
    response.destroy()
    return
  }
  const problem = answer.status >= 400
  response.writeHead(answer.status, {
    'content-type': problem ? 'application/problem+json' : 'application/json',
    ...answer.headers,
  })
  response.end(answer.text ?? JSON.stringify(answer.json ?? {}))
}

const MISSING = { passed: false, result: 'not_evaluated', evidence: null } as const

export function sampleCertificate(changes: Partial<Certificate> = {}): Certificate {
  return {
    schema_version: '1.0',
    certificate_id: CERTIFICATE_ID,
    livemode: true,
    issued_at: '2025-01-02T02:48:23.000Z',
    expires_at: '2099-12-21T02:48:23.000Z',
    ai_tool: 'claude-code-v1.0',
    code_hash: 'a'.repeat(64),
    code_hash_method: 'sha256-manifest',
    files_changed: ['src/a.ts'],
    path_privacy: 'plain',
    change: { files: 1, directories: 1, subsystems: 1, lines_added: 3, lines_deleted: 1, entropy: 0 },
    risk_score: 3.2,
    risk_level: 'LOW',
    confidence: 0.4,
    explanation: ['missing_evidence: 1.5', 'size: 0.5'],
    checks_passed: {
      test_coverage: { ...MISSING, reasons: ['no_coverage_report'], value: null, threshold: 0.7 },
      security_scan: {
        passed: true,
        result: 'passed',
        evidence: 'E3',
        reasons: ['scope_secrets_only'],
        issues_found: 0,
      },
      coupling_analysis: {
        ...MISSING,
        reasons: ['no_history_or_import_graph'],
        coupling_score: null,
        threshold: 8,
      },
      incident_similarity: {
        ...MISSING,
        reasons: ['no_incident_catalogue'],
        arc_matches: null,
        max_similarity: null,
      },
    },
    company_id: 'org_7k3m9q2x4w8t1v6z',
    user_id: 'user_1',
    verification_url: `https://coderisk.example/certs/${CERTIFICATE_ID}`,
    status_list: { uri: 'https://coderisk.example/v1/status-lists/0', idx: 0 },
    signature: { algorithm: 'RS256', public_key_id: 'key-202611-1a2b3c4d', value: 'AAAA' },
    status: 'valid',
    ...changes,
  }
}

const PASSED = { result: 'passed', reason: null } as const

export function sampleVerification(changes: Partial<Verification> = {}): Verification {
  return {
    certificate_id: CERTIFICATE_ID,
    verdict: 'valid',
    reasons: [],
    status: 'valid',
    issued_at: '2025-01-02T02:48:23.000Z',
    expires_at: '2099-12-21T02:48:23.000Z',
    risk_level: 'LOW',
    risk_score: 3.2,
    confidence: 0.4,
    ai_tool: 'claude-code-v1.0',
    verification_url: `https://coderisk.example/certs/${CERTIFICATE_ID}`,
    signature_valid: true,
    status_as_of: '2025-01-02T02:48:23.000Z',
    status_source: 'core',
    revoked_at: null,
    revocation_reason: null,
    checks: {
      signature: PASSED,
      key_validity: PASSED,
      expiry: PASSED,
      status: PASSED,
      log: { result: 'not_evaluated', reason: 'log_not_asked' },
      witnesses: { result: 'not_evaluated', reason: 'log_not_asked' },
    },
    ...changes,
  }
}
