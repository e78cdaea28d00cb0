import { type Ran, type RunOptions, run } from './run.ts'

/** Runs a program where there is no network at all, not even the loopback interface. */
const NAMESPACES: readonly (readonly string[])[] = [
  ['unshare', '--net'],
  // Without being root: a user namespace allows a network namespace.
  ['unshare', '--net', '--map-root-user'],
]
/** Port 9, discard: nothing listens there. */
const NOWHERE = 'http://127.0.0.1:9'

export interface Offline {
  /** Whether the kernel keeps the program off the network; if not, only proxies that lead nowhere do. */
  readonly isolated: boolean
  run(program: string, args: readonly string[], options?: RunOptions): Promise<Ran>
}

export async function goOffline(): Promise<Offline> {
  for (const [unshare, ...flags] of NAMESPACES) {
    const { code } = await run(unshare!, [...flags, 'true'])
    if (code !== 0) continue
    return {
      isolated: true,
      run: (program, args, options) => run(unshare!, [...flags, program, ...args], options),
    }
  }
  const proxies = Object.fromEntries(
    ['http_proxy', 'https_proxy', 'all_proxy'].flatMap((name) => [
      [name, NOWHERE],
      [name.toUpperCase(), NOWHERE],
    ]),
  )
  return {
    isolated: false,
    run: (program, args, options) =>
      run(program, args, { ...options, env: { ...(options?.env ?? process.env), ...proxies, NO_PROXY: '' } }),
  }
}
