import type { RuleSamples } from '../../rule-samples.ts'

export const COMMAND_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'js-child-process-exec': {
    positive: [
      "import { exec } from 'node:child_process'\nexec(`tar xf ${name}`)",
      "const cp = require('child_process')\nconst command = 'ls ' + folder\ncp.execSync(command)",
      "const { exec: run } = require('child_process')\napp.get('/ping', (req, res) => {\n  run('ping -c 1 ' + req.query.host, (error, out) => res.send(out))\n})",
      "import { exec } from 'child_process'\nimport { promisify } from 'util'\nconst execAsync = promisify(exec)\nexport async function convert(file) {\n  let command = 'convert '\n  command += file\n  await execAsync(command)\n}",
      "require('child_process').exec(['git', 'log', branch].join(' '))",
      "import * as cp from 'node:child_process'\nexport default async function handler(request, response) {\n  const { script } = request.body\n  cp.exec(script)\n}",
      "import shell from 'shelljs'\nshell.exec('rm -rf ' + target)",
    ],
    negative: [
      "import { exec } from 'node:child_process'\nconst command = 'git status'\nexec(command)",
      "import { execFile } from 'child_process'\nconst match = /a/.exec(text)\nexecFile('tar', [name])",
      "import { execSync } from 'node:child_process'\nconst FLAGS = '--short'\nexecSync(`git status ${FLAGS}`)",
      "import { execSync } from 'child_process'\nimport { quote } from 'shell-quote'\nexecSync('ls ' + quote([folder]))",
      "import { exec } from 'child_process'\nconst count = Number(process.argv[2])\nexec(`seq ${count}`)",
      "import { spawn } from 'child_process'\nconst pattern = new RegExp('a')\npattern.exec('x' + input)\nspawn('ls', ['-l', folder])",
      "import { execSync } from 'node:child_process'\nconst target = production ? 'prod' : 'dev'\nexecSync(`make ${target}`)",
    ],
  },
  'js-shell-arguments': {
    positive: [
      "import { spawn } from 'node:child_process'\nspawn('ls ' + folder, { shell: true })",
      "const { spawn } = require('child_process')\nspawn('sh', ['-c', `cat ${file} | wc -l`])",
      "import { execFile } from 'child_process'\napp.post('/run', (req, res) => {\n  execFile('git', ['clone', req.body.url], { shell: '/bin/bash' })\n})",
      "import cp from 'child_process'\ncp.spawnSync('cmd.exe', ['/c', 'dir ' + path])",
    ],
    negative: [
      "import { spawn } from 'node:child_process'\nspawn('ls', [folder])",
      "import { spawn } from 'node:child_process'\nspawn('npm run build', { shell: true, stdio: 'inherit' })",
      "import { spawn } from 'child_process'\nspawn('sh', ['-c', 'ls | wc -l'])",
      "import { spawn } from 'child_process'\nspawn('grep', ['-r', query, folder], { shell: false })",
    ],
  },
  'js-program-from-input': {
    positive: [
      "import { spawn } from 'child_process'\napp.get('/run', (req, res) => {\n  spawn(req.query.program, ['--version']).stdout.pipe(res)\n})",
      "const cp = require('child_process')\nrouter.post('/tool', async (ctx) => {\n  const tool = ctx.request.body.tool\n  cp.execFile(tool, [])\n})",
      "import { execFile } from 'node:child_process'\nexport async function POST(request) {\n  const { bin, args } = await request.json()\n  execFile(bin, args)\n}",
    ],
    negative: [
      "import { spawn } from 'child_process'\napp.get('/run', (req, res) => {\n  spawn('git', ['log', req.query.branch])\n})",
      "import { spawn } from 'child_process'\nconst TOOLS = { a: 'gzip', b: 'bzip2' }\napp.get('/run', (req, res) => {\n  spawn(TOOLS[req.query.tool], ['-k', 'file'])\n})",
      "import { spawn } from 'child_process'\nconst allowed = new Set(['gzip', 'bzip2'])\napp.get('/run', (req, res) => {\n  const tool = req.query.tool\n  if (!allowed.has(tool)) return res.sendStatus(400)\n  spawn(tool, ['-k', 'file'])\n})",
    ],
  },
}
