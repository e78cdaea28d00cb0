import type { RuleSamples } from '../../rule-samples.ts'

export const SQL_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'js-sql-built': {
    positive: [
      "app.get('/user', async (req, res) => {\n  const rows = await pool.query(`SELECT * FROM users WHERE id = ${req.query.id}`)\n  res.json(rows)\n})",
      'function byName(name) {\n  return db.query("SELECT * FROM users WHERE name = \'" + name + "\'")\n}',
      'async function search(term) {\n  let sql = \'SELECT * FROM items\'\n  sql += " WHERE title LIKE \'%" + term + "%\'"\n  return connection.execute(sql)\n}',
      "app.get('/list', (req, res) => {\n  const order = req.query.sort\n  db.all('SELECT id FROM items ORDER BY ' + order, (error, rows) => res.json(rows))\n})",
      "import { format } from 'util'\nimport util from 'util'\nexport const find = (email) => client.query({ text: util.format(\"SELECT id FROM users WHERE email = '%s'\", email) })",
      "const rows = await prisma.$queryRawUnsafe(`SELECT * FROM posts WHERE author = '${author}'`)",
      "fastify.post('/login', async (request) => {\n  const { email, password } = request.body\n  const statement = 'SELECT id FROM users WHERE email = \\'' + email + '\\' AND password = \\'' + password + '\\''\n  return await db.get(statement)\n})",
      "export async function remove(ids) {\n  await db.run(`DELETE FROM sessions WHERE id IN (${ids.join(',')})`)\n}",
      'db.prepare("INSERT INTO logs (message) VALUES (\'" + message + "\')").run()',
      "sequelize.query('UPDATE accounts SET balance = ' + amount + ' WHERE id = ' + account)",
    ],
    negative: [
      "app.get('/user', async (req, res) => {\n  const rows = await pool.query('SELECT * FROM users WHERE id = $1', [req.query.id])\n  res.json(rows)\n})",
      'const rows = await sql`SELECT * FROM users WHERE name = ${name}`',
      "async function many(ids) {\n  const placeholders = ids.map(() => '?').join(',')\n  return db.all(`SELECT * FROM users WHERE id IN (${placeholders})`, ids)\n}",
      "const TABLE = 'users'\nconst rows = await db.query(`SELECT * FROM ${TABLE} WHERE id = ?`, [id])",
      "app.get('/list', (req, res) => {\n  const order = req.query.sort === 'name' ? 'name' : 'created_at'\n  db.all(`SELECT id FROM items ORDER BY ${order}`, done)\n})",
      "app.get('/page', (req, res) => {\n  const limit = Number.parseInt(req.query.limit, 10)\n  db.all(`SELECT id FROM items LIMIT ${limit}`, done)\n})",
      "const COLUMNS = { name: 'name', date: 'created_at' }\napp.get('/list', (req, res) => {\n  db.all('SELECT id FROM items ORDER BY ' + COLUMNS[req.query.sort], done)\n})",
      "connection.query('SELECT * FROM users WHERE name = ' + connection.escape(name))",
      "const conditions = []\nvalues.forEach((value, i) => conditions.push(`a = $${i + 1}`))\npool.query(`SELECT * FROM t WHERE ${conditions.join(' AND ')}`, values)",
      'await prisma.$queryRaw`SELECT * FROM posts WHERE author = ${author}`',
      "cache.get('select ' + name)\nlist.query(`Please select ${item}`)",
    ],
  },
  'js-sql-fragment': {
    positive: [
      "knex('users').whereRaw(`name = '${name}'`)",
      "app.get('/', (req, res) => {\n  query.orderByRaw(req.query.sort + ' desc')\n})",
      'repository.createQueryBuilder(\'user\').where("user.name = \'" + name + "\'").getMany()',
      "app.get('/top', async (req, res) => {\n  const column = req.query.column\n  const rows = await knex('t').select(knex.raw('max(' + column + ')'))\n  res.json(rows)\n})",
    ],
    negative: [
      "knex('users').whereRaw('name = ?', [name])",
      "repository.createQueryBuilder('user').where('user.name = :name', { name }).getMany()",
      "const total = knex.raw('count(*)')\nconst text = String.raw`a${b}`",
      "knex('users').where('name', name).orderBy(column)",
      "app.get('/', (req, res) => {\n  if (!COLUMNS.includes(req.query.sort)) throw new Error('sort')\n  query.orderByRaw(req.query.sort + ' desc')\n})",
    ],
  },
}
