import type { LogSettings } from '../context.ts'

/** Variables of the core Worker, each of which may be absent. */
export interface LogVariables {
  readonly LOG_ORIGIN?: string | undefined
  readonly LOG_WITNESS_POLICY?: string | undefined
  readonly LOG_WITNESS_FAILURE?: string | undefined
}

/**
 * The log's settings. Without an origin of its own a new log is named after the host that it is served from, never
 * after a port (c2sp.org/tlog-tiles: the URL prefix without its scheme).
 */
export function readLogSettings(variables: LogVariables, publicBaseUrl: string): LogSettings {
  const failure = variables.LOG_WITNESS_FAILURE || 'open'
  if (failure !== 'open' && failure !== 'closed') {
    throw new TypeError('LOG_WITNESS_FAILURE is open or closed')
  }
  return {
    origin: variables.LOG_ORIGIN || `${new URL(publicBaseUrl).hostname}/log`,
    witnessPolicy: variables.LOG_WITNESS_POLICY || 'quorum none\n',
    witnessFailure: failure,
  }
}
