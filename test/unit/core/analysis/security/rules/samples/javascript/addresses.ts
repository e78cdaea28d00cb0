import type { RuleSamples } from '../../rule-samples.ts'

export const ADDRESS_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'js-request-to-input': {
    positive: [
      "app.get('/proxy', async (req, res) => {\n  const answer = await fetch(req.query.url)\n  res.send(await answer.text())\n})",
      "const axios = require('axios')\nrouter.post('/hook', async (req, res) => {\n  const { callback } = req.body\n  await axios.post(callback, { done: true })\n  res.end()\n})",
      "import http from 'node:http'\napp.get('/check', (req, res) => {\n  http.get({ hostname: req.query.host, path: '/' }, (answer) => answer.pipe(res))\n})",
      "import got from 'got'\nexport async function GET(request) {\n  const { searchParams } = new URL(request.url)\n  const target = searchParams.get('target')\n  return Response.json(await got(target).json())\n}",
      "app.get('/avatar', async (req, res) => {\n  const host = req.query.host\n  const image = await fetch(`https://${host}/avatar.png`)\n  res.json(await image.json())\n})",
      "const request = require('request')\napp.get('/image', function (req, res) {\n  request(req.query.src).pipe(res)\n})",
      "import axios from 'axios'\nfastify.get('/p', async (request, reply) => {\n  const config = { method: 'get', url: request.query.url }\n  return (await axios(config)).data\n})",
    ],
    negative: [
      "app.get('/user/:id', async (req, res) => {\n  const answer = await fetch(`https://api.example.com/users/${encodeURIComponent(req.params.id)}`)\n  res.json(await answer.json())\n})",
      "const HOSTS = new Set(['images.example.com'])\napp.get('/proxy', async (req, res) => {\n  const url = new URL(req.query.url)\n  if (!HOSTS.has(url.hostname)) return res.sendStatus(400)\n  const answer = await fetch(url)\n  res.json(await answer.json())\n})",
      "app.post('/hook', async (req, res) => {\n  await fetch('https://hooks.example.com/x', { method: 'POST', body: JSON.stringify(req.body) })\n  res.end()\n})",
      "import axios from 'axios'\napp.get('/search', async (req, res) => {\n  const { data } = await axios.get('https://api.example.com/search', { params: { q: req.query.q } })\n  res.json(data)\n})",
      "const TARGETS = { a: 'https://a.example.com', b: 'https://b.example.com' }\napp.get('/p', async (req, res) => {\n  res.json(await (await fetch(TARGETS[req.query.target])).json())\n})",
      "app.get('/cached', async (req, res) => {\n  res.json(await cache.get(req.query.key))\n})",
      "app.get('/proxy', async (req, res) => {\n  const url = req.query.url\n  assertAllowedUrl(url)\n  res.json(await (await fetch(url)).json())\n})",
    ],
  },
  'js-open-redirect': {
    positive: [
      "app.get('/login', (req, res) => {\n  res.redirect(req.query.next)\n})",
      "router.get('/out', async (ctx) => {\n  const target = ctx.query.to || '/'\n  ctx.redirect(target)\n})",
      "app.get('/go', (req, res) => {\n  res.writeHead(302, { Location: req.query.url })\n  res.end()\n})",
      "export async function GET(request) {\n  const next = request.nextUrl.searchParams.get('next')\n  return NextResponse.redirect(next)\n}",
      "fastify.get('/back', async (request, reply) => {\n  const { returnTo } = request.query\n  return reply.code(303).redirect(302, returnTo)\n})",
      "app.get('/old', (req, res) => {\n  res.setHeader('Location', 'https://' + req.query.host + '/new')\n  res.status(301).end()\n})",
    ],
    negative: [
      "app.get('/login', (req, res) => {\n  res.redirect('/home?from=' + encodeURIComponent(req.query.next))\n})",
      "app.get('/out', (req, res) => {\n  const to = req.query.to\n  if (!ALLOWED.includes(to)) return res.redirect('/')\n  res.redirect(to)\n})",
      "app.get('/item/:id', (req, res) => res.redirect(`/items/${req.params.id}`))",
      "app.get('/next', (req, res) => {\n  const next = req.query.next\n  res.redirect(next.startsWith('/') && !next.startsWith('//') ? next : '/')\n})",
      "const LINKS = { docs: 'https://docs.example.com' }\napp.get('/go/:name', (req, res) => res.redirect(LINKS[req.params.name] ?? '/'))",
      "app.use((req, res, next) => {\n  if (req.secure) return next()\n  res.redirect(301, 'https://example.com' + req.url)\n})",
      "export async function GET(request) {\n  return NextResponse.redirect(new URL('/login', request.url))\n}",
    ],
  },
  'js-dom-redirect': {
    positive: [
      "const next = new URLSearchParams(window.location.search).get('next')\nwindow.location.href = next",
      'location.assign(location.hash.slice(1))',
      "window.addEventListener('message', (event) => {\n  window.location = event.data\n})",
      'function go() {\n  const to = new URL(document.referrer)\n  location.replace(to)\n}',
    ],
    negative: [
      "window.location.href = '/login?next=' + encodeURIComponent(location.search)",
      "const next = new URLSearchParams(location.search).get('next')\nif (ALLOWED.has(next)) location.href = next",
      "location.href = location.href.replace('http:', 'https:')",
      "const name = text.replace(location.hash, '')\nlink.href = routes.home",
    ],
  },
}
