import { spawnSync } from 'node:child_process'

/** Stops a process and all below it where they are (SIGSTOP): they keep their connections and answer nothing. */
export function freeze(root: number): { thaw(): void } {
  const frozen = family(root)
  for (const pid of frozen) signal(pid, 'SIGSTOP')
  return { thaw: () => frozen.forEach((pid) => void signal(pid, 'SIGCONT')) }
}

function family(root: number): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number])
  const below = (parent: number): number[] =>
    pairs.filter(([, itsParent]) => itsParent === parent).flatMap(([pid]) => [pid, ...below(pid)])
  return [root, ...below(root)]
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended meanwhile.
  }
}
