/** Counters of this isolate since it started. Prometheus adds isolates up. */
const HELP = {
  coderisk_edge_certificate_memory_hits_total: 'Certificates found in the memory of this isolate.',
  coderisk_edge_certificate_kv_hits_total: 'Certificates found in KV.',
  coderisk_edge_certificate_core_reads_total: 'Certificates asked of the core.',
  coderisk_edge_kv_rejected_total: 'KV values refused because they do not verify.',
  coderisk_edge_trust_root_rejected_total:
    'Trust roots refused: not pinned, rolled back, expired or malformed.',
  coderisk_edge_status_reads_total: 'Readings of live status.',
  coderisk_edge_status_failures_total: 'Readings of live status that failed; the last known was served.',
  coderisk_edge_log_rejected_total:
    'Checkpoints, tiles and entries of R2 refused: not by the log, rolled back, or not what the checkpoint says.',
  coderisk_edge_log_failures_total: 'Objects of the log that R2 did not have or did not answer with.',
  coderisk_edge_form_rejected_total:
    'Signed forms of certificates refused because they are not what they should be.',
  coderisk_edge_status_token_rejected_total:
    'Status list tokens refused: not by a signing key, or rolled back.',
  coderisk_edge_rate_limited_total: 'Requests refused by a rate limit.',
  coderisk_edge_core_failures_total: 'Requests that the core did not answer.',
} as const

export type EdgeCounter = keyof typeof HELP

const counters = Object.fromEntries(Object.keys(HELP).map((name) => [name, 0])) as Record<EdgeCounter, number>

export function count(counter: EdgeCounter): void {
  counters[counter]++
}

/** Prometheus text exposition format 0.0.4. */
export function exposeEdgeMetrics(): string {
  const names = Object.keys(HELP) as EdgeCounter[]
  return names
    .map((name) => `# HELP ${name} ${HELP[name]}\n# TYPE ${name} counter\n${name} ${counters[name]}\n`)
    .join('')
}
