import type { RuleSamples } from '../../rule-samples.ts'

export const CODE_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'js-eval': {
    positive: [
      "app.get('/calc', (req, res) => {\n  const result = eval(req.query.expression)\n  res.json({ result })\n})",
      "function compute(formula) {\n  return eval('(' + formula + ')')\n}",
      'export const compile = (body) => new Function("data", "return " + body)',
      'const run = Function(`return ${expression}`)\nrun()',
      'window.eval(location.hash.slice(1))',
    ],
    negative: [
      "const globals = eval('this')",
      "const root = new Function('return this')()",
      'const data = JSON.parse(text)\nconst value = evaluate(data)',
      'const model = { eval(x) { return x } }\nmodel.eval(input)',
      "const SOURCE = 'return 1 + 1'\nconst two = new Function(SOURCE)",
    ],
  },
  'js-timer-text': {
    positive: [
      "setTimeout('refresh(' + id + ')', 1000)",
      'setInterval(`poll("${name}")`, 500)',
      "app.get('/later', (req, res) => {\n  const action = req.query.action\n  setTimeout(action, 10)\n})",
      'window.setTimeout("show(\'" + user.name + "\')", 100)',
    ],
    negative: [
      'setTimeout(() => refresh(id), 1000)',
      'setTimeout(callback, delay)',
      "setTimeout(this.poll.bind(this), 500)\nsetInterval('tick()', 100)",
      "app.get('/later', (req, res) => {\n  setTimeout(() => res.json(req.query), 10)\n})",
    ],
  },
  'js-vm-run': {
    positive: [
      "import vm from 'node:vm'\nvm.runInNewContext(code, {})",
      "const { runInThisContext } = require('vm')\nrunInThisContext(req.body.script)",
      "const vm = require('vm')\nconst script = new vm.Script('result = ' + formula)\nscript.runInNewContext()",
    ],
    negative: [
      "import vm from 'node:vm'\nvm.runInNewContext('1 + 1', {})",
      "const vm = require('vm')\nconst SOURCE = 'x * 2'\nconst script = new vm.Script(SOURCE)\nscript.runInContext(context)",
      "import { Script } from '../movie'\nconst script = new Script(text)",
    ],
  },
  'js-module-from-input': {
    positive: [
      "app.get('/plugin', (req, res) => {\n  const plugin = require('./plugins/' + req.query.name)\n  plugin.run(res)\n})",
      "fastify.get('/locale/:lang', async (request, reply) => {\n  const messages = await import(`./locales/${request.params.lang}.js`)\n  return messages\n})",
      "router.post('/load', (ctx) => {\n  const { module } = ctx.request.body\n  require(module)\n})",
    ],
    negative: [
      "const plugin = require('./plugins/' + name)\napp.get('/', (req, res) => plugin.run(req, res))",
      "const PLUGINS = { csv: './csv.js', xml: './xml.js' }\napp.get('/plugin', (req, res) => {\n  const plugin = require(PLUGINS[req.query.name])\n  plugin.run(res)\n})",
      "app.get('/locale/:lang', async (req, res) => {\n  const lang = req.params.lang\n  if (!LANGUAGES.includes(lang)) return res.sendStatus(404)\n  res.json(await import(`./locales/${lang}.js`))\n})",
    ],
  },
  'js-template-from-input': {
    positive: [
      "const Handlebars = require('handlebars')\napp.post('/preview', (req, res) => {\n  const template = Handlebars.compile(req.body.template)\n  res.send(template({}))\n})",
      "import ejs from 'ejs'\napp.get('/', (req, res) => {\n  res.send(ejs.render('<h1>Hello ' + req.query.name + '</h1>', {}))\n})",
      "const nunjucks = require('nunjucks')\nrouter.get('/page', (ctx) => {\n  const source = ctx.query.source\n  ctx.body = nunjucks.renderString(source, {})\n})",
      "const _ = require('lodash')\napp.post('/mail', (req, res) => {\n  const compiled = _.template(req.body.text)\n  res.json({ text: compiled() })\n})",
    ],
    negative: [
      "const Handlebars = require('handlebars')\nconst template = Handlebars.compile(source)\napp.get('/', (req, res) => res.send(template({ name: req.query.name })))",
      "app.get('/', (req, res) => {\n  res.render('index', { name: req.query.name })\n})",
      "import ejs from 'ejs'\napp.get('/', (req, res) => {\n  res.send(ejs.render('<h1><%= name %></h1>', { name: req.query.name }))\n})",
    ],
  },
  'js-unsafe-deserialization': {
    positive: [
      "const serialize = require('node-serialize')\napp.post('/', (req, res) => {\n  const user = serialize.unserialize(req.cookies.profile)\n  res.json(user)\n})",
      "import yaml from 'js-yaml'\nconst config = yaml.load(text, { schema: yaml.DEFAULT_FULL_SCHEMA })",
      "import v8 from 'node:v8'\nfastify.post('/restore', async (request) => {\n  const state = v8.deserialize(request.body)\n  return state.id\n})",
      "const { unserialize } = require('node-serialize')\nexport const read = (text) => unserialize(text)",
    ],
    negative: [
      "import yaml from 'js-yaml'\nconst config = yaml.load(text)",
      "app.post('/', (req, res) => {\n  const user = JSON.parse(req.cookies.profile)\n  res.json(user)\n})",
      "import v8 from 'node:v8'\nconst copy = v8.deserialize(v8.serialize(state))",
      "import { deserialize } from '../wire'\nconst message = deserialize(req.body)",
    ],
  },
}
