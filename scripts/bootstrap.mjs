// Runs FILE.ts of this project: `node scripts/bootstrap.mjs FILE.ts ARGS…`, on any Node from 20.
// What is missing is installed first; the file itself then runs on the project's own Node (npm package `node`),
// which strips types.
import { installDependencies } from './install-dependencies.mjs'
import { runOnProjectNode } from './run-on-project-node.mjs'

const [file, ...args] = process.argv.slice(2)
if (file === undefined) {
  console.error('usage: node scripts/bootstrap.mjs FILE.ts ARGS…')
  process.exit(2)
}
if (!installDependencies()) process.exit(1)
runOnProjectNode(file, args)
