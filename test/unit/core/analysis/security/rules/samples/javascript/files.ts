import type { RuleSamples } from '../../rule-samples.ts'

export const FILE_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'js-path-from-input': {
    positive: [
      "import fs from 'node:fs'\napp.get('/file', (req, res) => {\n  fs.readFile('./files/' + req.query.name, (error, data) => res.end(data))\n})",
      "const fs = require('fs')\nconst path = require('path')\napp.get('/doc/:name', (req, res) => {\n  const file = path.join(__dirname, 'docs', req.params.name)\n  fs.createReadStream(file).pipe(res)\n})",
      "import { unlink } from 'fs/promises'\nfastify.delete('/upload', async (request) => {\n  const { file } = request.body\n  await unlink(`/srv/uploads/${file}`)\n})",
      "import { promises as fs } from 'fs'\nexport async function POST(request) {\n  const form = await request.formData()\n  const name = form.get('name')\n  await fs.writeFile('uploads/' + name, 'x')\n}",
      "const fs = require('fs-extra')\nrouter.post('/move', async (ctx) => {\n  await fs.rename('inbox/a', ctx.request.body.target)\n})",
      "import fs from 'fs'\nimport path from 'path'\napp.get('/f', (req, res) => {\n  const file = path.normalize(decodeURIComponent(req.query.f))\n  res.end(fs.readFileSync(path.resolve('data', file)))\n})",
    ],
    negative: [
      "import fs from 'node:fs'\nimport path from 'node:path'\napp.get('/file', (req, res) => {\n  fs.readFile(path.join('files', path.basename(req.query.name)), done)\n})",
      "import fs from 'fs'\nimport path from 'path'\napp.get('/file', (req, res) => {\n  const file = path.resolve(ROOT, req.query.name)\n  if (!file.startsWith(ROOT + path.sep)) return res.sendStatus(400)\n  fs.createReadStream(file).pipe(res)\n})",
      "import fs from 'fs'\nconst FILES = { a: './a.txt', b: './b.txt' }\napp.get('/file', (req, res) => fs.readFile(FILES[req.query.name], done))",
      "import fs from 'fs'\nfunction load(name) {\n  return fs.readFileSync('config/' + name)\n}",
      "import fs from 'fs'\napp.get('/report/:id', (req, res) => {\n  const id = Number.parseInt(req.params.id, 10)\n  fs.createReadStream(`reports/${id}.pdf`).pipe(res)\n})",
      "import fs from 'fs'\napp.post('/save', (req, res) => fs.writeFile('latest.json', JSON.stringify(req.body), done))",
      "import { open } from '../dialog'\napp.get('/x', (req, res) => open(req.query.name))",
    ],
  },
  'js-sent-file-from-input': {
    positive: [
      "app.get('/file', (req, res) => res.sendFile(path.join(__dirname, req.query.name)))",
      "app.get('/get/:file', (req, res) => {\n  const file = './uploads/' + req.params.file\n  res.download(file)\n})",
      "app.get('/f', (request, response) => {\n  const { name } = request.query\n  response.sendFile(`/srv/public/${name}`)\n})",
    ],
    negative: [
      "app.get('/file', (req, res) => res.sendFile(req.query.name, { root: PUBLIC }))",
      "app.get('/', (req, res) => res.sendFile(path.join(__dirname, 'index.html')))",
      "app.get('/get/:file', (req, res) => {\n  res.download(path.join(UPLOADS, path.basename(req.params.file)))\n})",
      "app.get('/get/:id', async (req, res) => {\n  const upload = await uploads.findById(req.params.id)\n  res.download(upload.path)\n})",
    ],
  },
  'js-archive-path': {
    positive: [
      "import unzipper from 'unzipper'\nimport fs from 'fs'\nimport path from 'path'\nstream.pipe(unzipper.Parse()).on('entry', (entry) => {\n  entry.pipe(fs.createWriteStream(path.join(target, entry.path)))\n})",
      "const AdmZip = require('adm-zip')\nconst fs = require('fs')\nfor (const entry of new AdmZip(file).getEntries()) {\n  const out = target + '/' + entry.entryName\n  fs.writeFileSync(out, entry.getData())\n}",
      "import tar from 'tar-stream'\nimport { createWriteStream } from 'node:fs'\nextract.on('entry', (header, stream, next) => {\n  stream.pipe(createWriteStream(`${folder}/${header.name}`))\n  next()\n})",
    ],
    negative: [
      "import unzipper from 'unzipper'\nimport fs from 'fs'\nimport path from 'path'\nstream.pipe(unzipper.Parse()).on('entry', (entry) => {\n  const out = path.resolve(target, entry.path)\n  if (!out.startsWith(target + path.sep)) return entry.autodrain()\n  entry.pipe(fs.createWriteStream(out))\n})",
      "const AdmZip = require('adm-zip')\nnew AdmZip(file).extractAllTo(target, true)\nfs.writeFileSync('done', '')",
      "import unzipper from 'unzipper'\nimport fs from 'fs'\nimport path from 'path'\nstream.on('entry', (entry) => {\n  entry.pipe(fs.createWriteStream(path.join(target, path.basename(entry.path))))\n})",
      "import tar from 'tar-stream'\nimport fs from 'fs'\nfor (const file of files) pack.entry({ name: file.name }, fs.readFileSync(file.path))",
    ],
  },
  'js-temporary-file': {
    positive: [
      "import fs from 'fs'\nfs.writeFileSync('/tmp/report.csv', csv)",
      "import fs from 'node:fs'\nimport os from 'node:os'\nimport path from 'node:path'\nconst file = path.join(os.tmpdir(), 'upload-' + Date.now())\nfs.createWriteStream(file)",
      "const fs = require('fs')\nconst { tmpdir } = require('os')\nfs.writeFile(`${tmpdir()}/app-${process.pid}.lock`, '1', done)",
    ],
    negative: [
      "import fs from 'fs'\nimport os from 'os'\nimport path from 'path'\nconst folder = fs.mkdtempSync(path.join(os.tmpdir(), 'app-'))\nfs.writeFileSync(path.join(folder, 'report.csv'), csv)",
      "import fs from 'fs'\nfs.writeFileSync('/tmp/report.csv', csv, { flag: 'wx' })",
      "import fs from 'fs'\nimport os from 'os'\nimport { randomUUID } from 'crypto'\nfs.writeFileSync(`${os.tmpdir()}/${randomUUID()}.csv`, csv)",
      "import fs from 'fs'\nimport os from 'os'\nconst space = os.tmpdir()\nfs.writeFileSync('./report.csv', csv)",
    ],
  },
  'js-file-mode': {
    positive: [
      "import fs from 'fs'\nfs.chmodSync(file, 0o777)",
      "const { chmod } = require('fs/promises')\nconst MODE = 0o666\nawait chmod(socket, MODE)",
      'fs.mkdirSync(folder, { recursive: true, mode: 0o777 })',
      "fs.chmod(file, '0777', done)",
      'process.umask(0)',
    ],
    negative: [
      'fs.chmodSync(file, 0o755)',
      'await chmod(key, 0o600)',
      'fs.writeFileSync(file, text, { mode: 0o640 })',
      'const chart = draw({ mode: 0o777 })\nprocess.umask(0o077)\nfs.mkdirSync(folder, { mode: 0o700 })',
      "fs.chmod(file, '755', done)",
    ],
  },
}
