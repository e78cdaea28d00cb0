import type { RuleSamples } from '../../rule-samples.ts'

export const QUERY_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'js-nosql-where': {
    positive: [
      'users.find({ $where: `this.name == "${name}"` })',
      "app.get('/', async (req, res) => {\n  res.json(await db.collection('users').find({ $where: 'this.age > ' + req.query.age }).toArray())\n})",
      "User.$where('this.name === \"' + name + '\"').exec(done)",
      "const filter = { '$where': code }\nusers.find(filter)",
    ],
    negative: [
      "users.find({ $where: 'this.credits < this.debits' })",
      'users.find({ $where: function () { return this.a === this.b } })',
      'users.find({ $expr: { $gt: ["$spent", "$budget"] }, name })',
      "User.$where('this.a > this.b').exec(done)",
    ],
  },
  'js-nosql-filter-from-input': {
    positive: [
      "app.post('/login', async (req, res) => {\n  const user = await User.findOne({ email: req.body.email, password: req.body.password })\n  res.json({ ok: user !== null })\n})",
      "router.get('/items', async (req, res) => {\n  res.json(await Item.find(req.query))\n})",
      "fastify.post('/reset', async (request) => {\n  const { token } = request.body\n  return db.collection('resets').findOne({ token })\n})",
      "app.delete('/items', (req, res) => {\n  const filter = { owner: req.body.owner }\n  items.deleteMany(filter).then(() => res.end())\n})",
    ],
    negative: [
      "app.post('/login', async (req, res) => {\n  const user = await User.findOne({ email: String(req.body.email) })\n  res.json({ ok: user !== null })\n})",
      "app.get('/items/:id', async (req, res) => {\n  res.json(await Item.findOne({ _id: req.params.id }))\n})",
      "app.post('/login', async (req, res) => {\n  const { email } = req.body\n  if (typeof email !== 'string') return res.sendStatus(400)\n  res.json(await User.findOne({ email }))\n})",
      "app.post('/login', async (req, res) => {\n  res.json(await User.findOne({ email: { $eq: req.body.email } }))\n})",
      "app.post('/pick', (req, res) => {\n  res.json(items.find((item) => item.id === req.body.id))\n})",
      "app.post('/login', async (req, res) => {\n  const { email } = loginSchema.parse(req.body)\n  res.json(await User.findOne({ email }))\n})",
      "app.post('/login', async (req, res) => {\n  res.json(await User.findOne({ where: { email: req.body.email } }))\n})",
    ],
  },
  'js-ldap-filter': {
    positive: [
      "const ldap = require('ldapjs')\nclient.search(base, { filter: `(uid=${username})`, scope: 'sub' }, done)",
      "import ldap from 'ldapjs'\napp.post('/login', (req, res) => {\n  const filter = '(&(objectClass=user)(cn=' + req.body.name + '))'\n  client.search('ou=users', { filter }, done)\n})",
      "import { Client } from 'ldapts'\nawait client.bind(`uid=${user},ou=people,dc=example,dc=com`, password)",
    ],
    negative: [
      "const ldap = require('ldapjs')\nclient.search(base, { filter: '(objectClass=person)', scope: 'sub' }, done)",
      "import ldap from 'ldapjs'\nconst filter = new ldap.EqualityFilter({ attribute: 'uid', value: username })\nclient.search(base, { filter }, done)",
      "import ldapEscape from 'ldap-escape'\nclient.search(base, { filter: `(uid=${escapeFilter(username)})` }, done)",
      "import ldap from 'ldapjs'\nconst shown = rows.filter((row) => row.name === name)",
    ],
  },
  'js-xpath-built': {
    positive: [
      'const xpath = require(\'xpath\')\nconst nodes = xpath.select("//user[name=\'" + name + "\']", doc)',
      'import xpath from "xpath"\nconst [user] = xpath.select1(`/users/user[login="${login}" and pass="${pass}"]`, doc)',
      'document.evaluate("//a[@id=\'" + id + "\']", document, null, XPathResult.ANY_TYPE, null)',
    ],
    negative: [
      "const xpath = require('xpath')\nconst nodes = xpath.select('//user[@admin]', doc)",
      "const xpath = require('xpath')\nconst find = xpath.parse('//user[name=$name]')\nfind.select({ node: doc, variables: { name } })",
      "import xpath from 'xpath'\nconst INDEX = 3\nxpath.select(`//row[position()=${INDEX}]`, doc)",
      "import xpath from 'xpath'\nclient.get(`/users/${id}?x[]=1`)",
    ],
  },
}
