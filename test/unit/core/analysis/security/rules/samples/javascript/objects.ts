import type { RuleSamples } from '../../rule-samples.ts'

export const OBJECT_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'js-prototype-merge': {
    positive: [
      "const _ = require('lodash')\napp.post('/settings', (req, res) => {\n  _.merge(settings, req.body)\n  res.end()\n})",
      "app.post('/x', (req, res) => {\n  const patch = JSON.parse(req.body.patch)\n  $.extend(true, options, patch)\n})",
      "import { set } from 'lodash'\nimport _ from 'lodash'\nrouter.put('/x', (ctx) => {\n  _.set(state, ctx.request.body.path, ctx.request.body.value)\n})",
      "import merge from 'deepmerge'\nimport deepmerge from 'deepmerge'\nfastify.post('/c', async (request) => {\n  config = deepmerge(config, request.body)\n})",
    ],
    negative: [
      "const _ = require('lodash')\n_.merge(settings, defaults)",
      "const _ = require('lodash')\napp.post('/settings', (req, res) => {\n  _.merge(settings, settingsSchema.parse(req.body))\n})",
      "app.post('/x', (req, res) => {\n  const next = { ...settings, theme: req.body.theme }\n  map.set(req.body.key, next)\n})",
      "const _ = require('lodash')\napp.post('/x', (req, res) => {\n  _.merge({}, { theme: String(req.body.theme) })\n})",
    ],
  },
  'js-prototype-assignment': {
    positive: [
      "app.post('/set', (req, res) => {\n  store[req.body.section][req.body.key] = req.body.value\n})",
      "router.post('/p', (ctx) => {\n  const { group, name } = ctx.request.body\n  counters[group][name] = 1\n})",
      "app.get('/v', (req, res) => {\n  const user = req.query.user\n  votes[user][id] = true\n})",
    ],
    negative: [
      "app.post('/set', (req, res) => {\n  store.theme[req.body.key] = req.body.value\n})",
      "app.post('/set', (req, res) => {\n  const section = req.body.section\n  if (!SECTIONS.includes(section)) return res.sendStatus(400)\n  store[section][key] = 1\n})",
      'for (const row of rows) grid[row.y][row.x] = row.value\nconst q = req.query.q',
      "app.post('/set', (req, res) => {\n  const n = Number(req.body.row)\n  grid[n][0] = req.body.value\n})",
    ],
  },
  'js-prototype-recursion': {
    positive: [
      "function merge(target, source) {\n  for (const key in source) {\n    if (typeof source[key] === 'object') merge(target[key], source[key])\n    else target[key] = source[key]\n  }\n  return target\n}",
      'const deepExtend = (target, source) => {\n  for (const key in source) {\n    if (source.hasOwnProperty(key) && isObject(source[key])) {\n      target[key] = deepExtend(target[key] || {}, source[key])\n    } else {\n      target[key] = source[key]\n    }\n  }\n  return target\n}',
      'export function mergeDeep(a, b) {\n  for (const k of Object.keys(b)) {\n    a[k] = isPlain(a[k]) ? mergeDeep(a[k], b[k]) : b[k]\n  }\n  return a\n}',
    ],
    negative: [
      "function merge(target, source) {\n  for (const key in source) {\n    if (key === '__proto__' || key === 'constructor') continue\n    if (isObject(source[key])) merge(target[key], source[key])\n    else target[key] = source[key]\n  }\n}",
      'function clone(source) {\n  const copy = Object.create(null)\n  for (const key in source) copy[key] = clone(source[key])\n  return copy\n}',
      'function assign(target, source) {\n  for (const key in source) target[key] = source[key]\n  return target\n}',
      'function deepCount(tree) {\n  let count = 0\n  for (const key in tree) count += deepCount(tree[key])\n  return count\n}',
    ],
  },
  'js-mass-assignment': {
    positive: [
      "app.post('/users', async (req, res) => {\n  const user = await User.create(req.body)\n  res.json(user.id)\n})",
      "app.patch('/users/:id', async (req, res) => {\n  await User.findByIdAndUpdate(req.params.id, req.body)\n  res.end()\n})",
      "app.post('/me', (req, res) => {\n  Object.assign(user, req.body)\n  user.save()\n})",
      'export async function POST(request) {\n  const data = await request.json()\n  return Response.json(await prisma.user.create({ data }))\n}',
      "app.put('/u', async (req, res) => {\n  await db.collection('users').updateOne({ _id }, { $set: { ...req.body } })\n  res.end()\n})",
      "router.post('/u', (req, res) => {\n  const account = new Account(req.body)\n  account.save()\n})",
    ],
    negative: [
      "app.post('/users', async (req, res) => {\n  const { name, email } = req.body\n  const user = await User.create({ name, email })\n  res.json(user.id)\n})",
      "app.post('/users', async (req, res) => {\n  res.json(await User.create(_.pick(req.body, ['name', 'email'])))\n})",
      "app.post('/users', async (req, res) => {\n  const input = userSchema.parse(req.body)\n  res.json(await User.create(input))\n})",
      "app.post('/log', (req, res) => {\n  const copy = Object.assign({}, req.body)\n  cache.set('last', req.body)\n})",
      "app.get('/u', (req, res) => {\n  const url = new URLSearchParams(req.query)\n  const filter = new Map()\n})",
      "app.post('/u', async (req, res) => {\n  await prisma.user.create({ data: { name: req.body.name } })\n})",
    ],
  },
  'js-regex-from-input': {
    positive: [
      "app.get('/search', (req, res) => {\n  const pattern = new RegExp(req.query.q, 'i')\n  res.json(items.filter((item) => pattern.test(item.name)))\n})",
      "router.get('/s', async (ctx) => {\n  const { term } = ctx.query\n  ctx.body = await Item.find({ name: { $regex: RegExp('^' + term) } })\n})",
      "const q = new URLSearchParams(location.search).get('q')\nconst re = new RegExp(`\\\\b${q}\\\\b`)",
    ],
    negative: [
      "app.get('/search', (req, res) => {\n  const pattern = new RegExp(escapeRegExp(req.query.q), 'i')\n  res.json(items.filter((item) => pattern.test(item.name)))\n})",
      "function matcher(words) {\n  return new RegExp(words.join('|'))\n}",
      "app.get('/s', (req, res) => {\n  res.json(items.filter((item) => item.name.includes(req.query.q)))\n  const re = new RegExp('^a')\n})",
      "app.get('/s', (req, res) => {\n  const q = req.query.q.replace(/[.*+?^${}()|[\\]\\\\]/g, '\\\\$&')\n  res.json(new RegExp(q).test(text))\n})",
    ],
  },
  'js-regex-exponential': {
    positive: [
      'const ok = /^(a+)+$/.test(text)',
      'const EMAIL = /^([a-zA-Z0-9]+)*@x$/',
      'const words = /^(?:\\w+\\s?)*$/',
      'const slashes = /(.*)*x/',
    ],
    negative: [
      'const ok = /^a+$/.test(text)',
      'const list = /^\\d+(?:,\\d+)*$/',
      'const word = /(?:[a-z]+\\s)+x/',
      'const quoted = /"(?:[^"\\\\]|\\\\.)*"/',
      'const optional = /(a+)?b/',
    ],
  },
}
