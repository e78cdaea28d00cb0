import type { RuleSamples } from '../../rule-samples.ts'
import { djangoView, fastApiView, flaskView } from './views.ts'

export const INJECTION_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'py-sql-query': {
    positive: [
      'def load(cursor, user_id):\n    cursor.execute(f"SELECT * FROM users WHERE id = {user_id}")',
      flaskView(
        'q = request.args.get("q")\nsql = "SELECT * FROM items WHERE title LIKE \'%" + q + "%\'"\nrows = db.execute(sql).fetchall()',
        'from store import db',
      ),
      'def remove(conn, name):\n    query = "DELETE FROM users WHERE name = \'%s\'" % name\n    conn.cursor().execute(query)',
      'from sqlalchemy import text\n\ndef find(session, name):\n    stmt = text("SELECT id FROM users WHERE name = \'{}\'".format(name))\n    return session.execute(stmt)',
      djangoView(
        'User.objects.raw("SELECT * FROM auth_user WHERE username = \'" + request.GET["name"] + "\'")',
      ),
      'def search(conn, name, age):\n    sql = "SELECT * FROM people"\n    if name:\n        sql += " WHERE name = \'" + name + "\'"\n    return conn.execute(sql)',
      fastApiView('order: str', 'return await conn.fetch(f"SELECT id FROM things ORDER BY {order}")'),
      'import pandas as pd\n\ndef frame(engine, day):\n    return pd.read_sql_query(f"SELECT * FROM sales WHERE day = \'{day}\'", engine)',
      'def drop(cur, table):\n    cur.execute("DROP TABLE " + table)',
      flaskView('db.session.execute(request.form["statement"])', 'from store import db'),
      'def build(name):\n    return "SELECT * FROM users WHERE name = \'" + name + "\'"\n\ndef find(conn, name):\n    return conn.execute(build(name)).fetchall()',
    ],
    negative: [
      'def order(name):\n    return "id" if name == "id" else "name"\n\ndef find(conn, name):\n    return conn.execute("SELECT * FROM users ORDER BY " + order(name))',
      'def load(cursor, user_id):\n    cursor.execute("SELECT * FROM users WHERE id = %s", (user_id,))',
      'def load(conn, ids):\n    marks = ", ".join("?" for _ in ids)\n    return conn.execute(f"SELECT * FROM users WHERE id IN ({marks})", ids)',
      'def load(cur, ids):\n    sql = "SELECT * FROM users WHERE id IN (%s)" % ",".join(["%s"] * len(ids))\n    cur.execute(sql, ids)',
      'TABLE = "users"\n\ndef count(cursor):\n    cursor.execute(f"SELECT COUNT(*) FROM {TABLE}")',
      'from sqlalchemy import text\n\ndef find(session, name):\n    return session.execute(text("SELECT id FROM users WHERE name = :name"), {"name": name})',
      'from psycopg2 import sql\n\ndef drop(cur, table):\n    cur.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(table)))',
      flaskView(
        'column = SORTABLE.get(request.args.get("sort"), "name")\nrows = db.execute(f"SELECT * FROM t ORDER BY {column}")',
        'from store import db\nSORTABLE = {"name": "name", "age": "age"}',
      ),
      flaskView(
        'sort = request.args.get("sort")\nif sort not in ("name", "age"):\n    sort = "name"\nrows = db.execute(f"SELECT * FROM t ORDER BY {sort}")',
        'from store import db',
      ),
      'def page(cursor, limit: int, offset=0):\n    cursor.execute(f"SELECT * FROM t LIMIT {limit} OFFSET {offset}")',
      'def page(cursor, number):\n    start = int(number) * 20\n    cursor.execute("SELECT * FROM t LIMIT 20 OFFSET %d" % start)',
      'def run(pool, job):\n    pool.execute(f"job {job} from queue")',
      'def wipe(cur):\n    for table in ("a", "b"):\n        cur.execute(f"DELETE FROM {table}")',
    ],
  },
  'py-sql-fragment': {
    positive: [
      djangoView('User.objects.extra(where=["name = \'%s\'" % request.GET["name"]])'),
      'from models import db, User\n\ndef find(name):\n    return User.query.filter(f"name = \'{name}\'").all()',
      'from django.db.models.expressions import RawSQL\n\ndef annotate(items, column):\n    return items.objects.annotate(v=RawSQL("select max(" + column + ")", ()))',
    ],
    negative: [
      djangoView('User.objects.extra(where=["name = %s"], params=[request.GET["name"]])'),
      'from models import User\n\ndef find(name):\n    return User.query.filter(User.name == name).all()',
      'from models import User\n\ndef find(name):\n    return User.query.filter_by(name=f"{name}!").all()',
      'from sqlalchemy import literal_column\n\ncolumn = literal_column("count(*)")',
    ],
  },
  'py-nosql-query': {
    positive: [
      flaskView(
        'user = db.users.find_one({"name": request.json["name"], "password": request.json["password"]})',
      ),
      flaskView('data = request.get_json()\nreturn list(db.items.find(data["filter"]))'),
      'def find(collection, name):\n    return collection.find({"$where": "this.name == \'" + name + "\'"})',
      fastApiView('query: dict', 'return db.items.delete_many(query)'),
    ],
    negative: [
      flaskView('user = db.users.find_one({"name": str(request.json["name"])})'),
      flaskView('user = db.users.find_one({"name": request.args.get("name")})'),
      'def find(collection, name):\n    return collection.find({"name": name})',
      flaskView('position = request.json["text"].find("a")'),
      fastApiView('name: str', 'return db.items.find_one({"name": name})'),
    ],
  },
  'py-ldap-filter': {
    positive: [
      flaskView(
        'user = request.args["user"]\nresult = connection.search_s("dc=x", 2, "(uid=" + user + ")")',
        'import ldap',
      ),
      'from ldap3 import Connection\n\ndef find(conn: Connection, name):\n    conn.search("dc=x", f"(&(objectClass=person)(cn={name}))")',
      'import ldap\n\ndef find(conn, name):\n    query = "(cn=%s)" % name\n    return conn.search_ext_s("dc=x", ldap.SCOPE_SUBTREE, filterstr=query)',
    ],
    negative: [
      'import ldap\nfrom ldap.filter import escape_filter_chars\n\ndef find(conn, name):\n    return conn.search_s("dc=x", 2, "(cn=%s)" % escape_filter_chars(name))',
      'import ldap\n\ndef everybody(conn):\n    return conn.search_s("dc=x", ldap.SCOPE_SUBTREE, "(objectClass=person)")',
      'import re\n# ldap names\ndef find(text):\n    return re.search("a=(.*)", text)',
    ],
  },
  'py-xpath-query': {
    positive: [
      flaskView(
        'user = request.args["user"]\nnodes = tree.xpath("//user[@name=\'" + user + "\']")',
        'from lxml import etree',
      ),
      'from lxml import etree\n\ndef find(root, name):\n    return etree.XPath(f"//item[name=\'{name}\']")(root)',
      'import xml.etree.ElementTree as ET\n\ndef find(root, name):\n    query = ".//user[@id=\'%s\']" % name\n    return root.findall(query)',
    ],
    negative: [
      'from lxml import etree\n\ndef find(root, name):\n    return root.xpath("//item[name=$name]", name=name)',
      'import xml.etree.ElementTree as ET\n\ndef find(root, tag):\n    return root.findall(tag)',
      'from lxml import etree\n\ndef links(root):\n    return root.xpath("//a/@href")',
      'from lxml import etree\n\ndef position(text, part):\n    return text.find(part + "x")',
    ],
  },
}
