/**
 * The verification kernel: pure, and the only place that decides whether a certificate holds.
 * The edge, the core, the CLI, the browser page and the JavaScript SDK all run it.
 */
export * from './bundle.ts'
export * from './canonical.ts'
export * from './checks.ts'
export * from './code-evidence.ts'
export * from './code-hash.ts'
export * from './encoding.ts'
export * from './examine.ts'
export * from './json.ts'
export * from './log/index.ts'
export * from './log-entry.ts'
export * from './log-evidence.ts'
export * from './present.ts'
export * from './signature.ts'
export * from './status-list.ts'
export * from './status-token.ts'
export * from './trust-root.ts'
export * from './trusted-log.ts'
export * from './verdict.ts'
export * from './with-code.ts'
