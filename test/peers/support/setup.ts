import type { TestProject } from 'vitest/node'
import { installPeers } from './install.ts'

/**
 * Once for a run, before any test.
 *
 * @returns what runs after the last: it says what was skipped, where nobody has to look for it
 */
export default async function setup(project: TestProject): Promise<() => void> {
  const peers = await installPeers((line) => console.log(line))
  project.provide('peers', peers)
  return () => {
    for (const [name, peer] of Object.entries(peers)) {
      if (!peer.found) console.log(`skipped the tests of ${name}: ${peer.reason}`)
    }
  }
}
