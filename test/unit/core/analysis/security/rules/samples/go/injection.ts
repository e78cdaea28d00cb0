import type { RuleSamples } from '../../rule-samples.ts'
import { gin, handler, source } from './snippets.ts'

export const INJECTION_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'go-sql-built-from-values': {
    positive: [
      handler(
        `name := r.FormValue("name")
query := "SELECT id FROM users WHERE name = '" + name + "'"
rows, err := db.Query(query)`,
        'database/sql',
      ),
      source(
        `func (s *Store) Find(ctx context.Context, email string) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, fmt.Sprintf("SELECT * FROM users WHERE email = '%s'", email))
}`,
        'context',
        'database/sql',
        'fmt',
      ),
      source(
        `func find(db *sql.DB, status string) {
	var b strings.Builder
	b.WriteString("SELECT id FROM orders WHERE 1 = 1")
	if status != "" {
		b.WriteString(" AND status = '" + status + "'")
	}
	db.Query(b.String())
}`,
        'database/sql',
        'strings',
      ),
      source(
        `func remove(tx *sql.Tx, ids []string) error {
	_, err := tx.Exec("DELETE FROM items WHERE id IN (" + strings.Join(ids, ",") + ")")
	return err
}`,
        'database/sql',
        'strings',
      ),
      gin('query := c.Query("q")\ndb.Raw(query).Scan(&rows)'),
      source(
        `func list(db *sqlx.DB, filter Filter) (users []User, err error) {
	q := \`SELECT * FROM users\`
	q += " ORDER BY " + filter.Column
	err = db.Select(&users, q)
	return
}`,
        'github.com/jmoiron/sqlx',
      ),
    ],
    negative: [
      handler(
        'rows, err := db.Query("SELECT id FROM users WHERE name = ?", r.FormValue("name"))',
        'database/sql',
      ),
      source(
        `const table = "users"
func all(db *sql.DB) { db.Query("SELECT * FROM " + table + " ORDER BY id") }`,
        'database/sql',
      ),
      source(
        `func find(db *sql.DB, ids []any) {
	marks := strings.TrimSuffix(strings.Repeat("?,", len(ids)), ",")
	db.Query("SELECT * FROM users WHERE id IN ("+marks+")", ids...)
}`,
        'database/sql',
        'strings',
      ),
      handler(
        `columns := map[string]string{"name": "name", "date": "created_at"}
column, ok := columns[r.URL.Query().Get("sort")]
if !ok {
	column = "name"
}
db.Query("SELECT * FROM users ORDER BY " + column)`,
        'database/sql',
      ),
      source(
        `func page(db *sql.DB, limit int) { db.Query(fmt.Sprintf("SELECT * FROM users LIMIT %d", limit)) }`,
        'database/sql',
        'fmt',
      ),
      handler(
        `id, err := strconv.Atoi(r.FormValue("id"))
db.Query("SELECT * FROM users WHERE id = " + strconv.Itoa(id))`,
        'database/sql',
        'strconv',
      ),
      handler('values := r.URL.Query()\nname := values.Get("select name from")\nuse(name)'),
      source(
        `func search(db *sql.DB, name string) {
	where := []string{"deleted = false"}
	args := []any{}
	if name != "" {
		args = append(args, name)
		where = append(where, fmt.Sprintf("name = $%d", len(args)))
	}
	db.Query("SELECT * FROM users WHERE "+strings.Join(where, " AND "), args...)
}`,
        'database/sql',
        'fmt',
        'strings',
      ),
      source(
        `func sorted(db *sql.DB, column string) {
	if column != "name" && column != "price" {
		return
	}
	db.Query("SELECT * FROM goods ORDER BY " + column)
}`,
        'database/sql',
      ),
      source(
        `func truncate(db *sql.DB, name string) { db.Exec("TRUNCATE TABLE " + pq.QuoteIdentifier(name)) }`,
        'database/sql',
        'github.com/lib/pq',
      ),
    ],
  },
  'go-orm-clause-from-values': {
    positive: [
      gin(`db.Where("name = '" + c.Query("name") + "'").First(&user)`, 'gorm.io/gorm'),
      source(
        `func find(db *gorm.DB, email string) { db.Where(fmt.Sprintf("email = '%s'", email)).First(&u) }`,
        'fmt',
        'gorm.io/gorm',
      ),
      handler('db.Order(r.URL.Query().Get("sort")).Find(&users)', 'gorm.io/gorm'),
    ],
    negative: [
      gin('db.Where("name = ?", c.Query("name")).First(&user)', 'gorm.io/gorm'),
      gin('db.Where(&User{Name: c.Query("name")}).First(&user)', 'gorm.io/gorm'),
      handler(
        `order := "created_at"
switch r.FormValue("sort") {
case "name":
	order = "name"
}
db.Order(order + " DESC").Find(&users)`,
        'gorm.io/gorm',
      ),
    ],
  },
  'go-nosql-operator-from-input': {
    positive: [
      handler(
        'var filter bson.M\njson.NewDecoder(r.Body).Decode(&filter)\nusers.Find(ctx, filter)',
        'encoding/json',
        'go.mongodb.org/mongo-driver/bson',
      ),
      source(
        `func find(c *mongo.Collection, name string) { c.Find(ctx, bson.M{"$where": "this.name == '" + name + "'"}) }`,
        'go.mongodb.org/mongo-driver/bson',
        'go.mongodb.org/mongo-driver/mongo',
      ),
      gin(
        'filter := make(map[string]interface{})\nc.BindJSON(&filter)\ncollection.DeleteMany(c, filter)',
        'go.mongodb.org/mongo-driver/mongo',
      ),
    ],
    negative: [
      handler('users.FindOne(ctx, bson.M{"name": r.FormValue("name")})', 'go.mongodb.org/mongo-driver/bson'),
      source(
        `func active(c *mongo.Collection) { c.Find(ctx, bson.M{"$where": "this.a > this.b"}) }`,
        'go.mongodb.org/mongo-driver/bson',
        'go.mongodb.org/mongo-driver/mongo',
      ),
      handler(
        'var in Login\njson.NewDecoder(r.Body).Decode(&in)\nfilter := bson.M{"email": in.Email}\nusers.FindOne(ctx, filter)',
        'encoding/json',
        'go.mongodb.org/mongo-driver/bson',
      ),
    ],
  },
  'go-ldap-filter-from-values': {
    positive: [
      handler(
        `filter := fmt.Sprintf("(&(objectClass=person)(uid=%s))", r.FormValue("user"))
req := ldap.NewSearchRequest(base, ldap.ScopeWholeSubtree, 0, 0, 0, false, filter, nil, nil)`,
        'fmt',
        'github.com/go-ldap/ldap/v3',
      ),
      source(
        `func search(name string) *ldap.SearchRequest {
	return &ldap.SearchRequest{BaseDN: base, Filter: "(cn=" + name + ")"}
}`,
        'github.com/go-ldap/ldap/v3',
      ),
      source(
        `func find(mail string) {
	var filter = "(mail=" + mail + ")"
	ldap.NewSearchRequest(base, 2, 0, 0, 0, false, filter, []string{"dn"}, nil)
}`,
        'github.com/go-ldap/ldap/v3',
      ),
    ],
    negative: [
      handler(
        `filter := fmt.Sprintf("(uid=%s)", ldap.EscapeFilter(r.FormValue("user")))
ldap.NewSearchRequest(base, 2, 0, 0, 0, false, filter, nil, nil)`,
        'fmt',
        'github.com/go-ldap/ldap/v3',
      ),
      source(
        'func all() { ldap.NewSearchRequest(base, 2, 0, 0, 0, false, "(objectClass=person)", nil, nil) }',
        'github.com/go-ldap/ldap/v3',
      ),
      source(
        'func byID(id int) { ldap.NewSearchRequest(base, 2, 0, 0, 0, false, fmt.Sprintf("(uidNumber=%d)", id), nil, nil) }',
        'fmt',
        'github.com/go-ldap/ldap/v3',
      ),
    ],
  },
  'go-xpath-from-values': {
    positive: [
      handler(
        `node := xmlquery.FindOne(doc, "//user[name='" + r.FormValue("name") + "']")`,
        'github.com/antchfx/xmlquery',
      ),
      source(
        `func find(doc *html.Node, id string) { htmlquery.Find(doc, fmt.Sprintf("//div[@id='%s']", id)) }`,
        'fmt',
        'github.com/antchfx/htmlquery',
      ),
      gin('expression, err := xpath.Compile(c.Query("path"))', 'github.com/antchfx/xpath'),
    ],
    negative: [
      source(
        `func titles(doc *xmlquery.Node) { xmlquery.Find(doc, "//book/title") }`,
        'github.com/antchfx/xmlquery',
      ),
      source(
        `func nth(doc *xmlquery.Node, n int) { xmlquery.Find(doc, fmt.Sprintf("//book[%d]", n)) }`,
        'fmt',
        'github.com/antchfx/xmlquery',
      ),
      handler(
        `var name = regexp.MustCompile("^[a-z]+$")
user := r.FormValue("user")
if !name.MatchString(user) {
	return
}
xmlquery.FindOne(doc, "//user[name='" + user + "']")`,
        'github.com/antchfx/xmlquery',
        'regexp',
      ),
    ],
  },
}
