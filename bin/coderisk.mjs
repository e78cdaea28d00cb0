#!/usr/bin/env node
import { runOnProjectNode } from '../scripts/run-on-project-node.mjs'

runOnProjectNode('cli/main.ts', process.argv.slice(2))
