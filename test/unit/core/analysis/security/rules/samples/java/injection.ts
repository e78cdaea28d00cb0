import type { RuleSamples } from '../../rule-samples.ts'
import { rest, servlet, type } from './snippets.ts'

export const INJECTION_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'java-sql-built-from-values': {
    positive: [
      servlet(
        `String name = request.getParameter("name");
Statement statement = connection.createStatement();
ResultSet rows = statement.executeQuery("SELECT * FROM users WHERE name = '" + name + "'");`,
        'java.sql.*',
      ),
      type(
        `User find(Connection c, String email) throws SQLException {
  String sql = String.format("SELECT * FROM users WHERE email = '%s'", email);
  PreparedStatement statement = c.prepareStatement(sql);
  return read(statement);
}`,
        'java.sql.*',
      ),
      type(
        `List<Order> search(String status, Integer limit) {
  StringBuilder sql = new StringBuilder("SELECT * FROM orders WHERE 1 = 1");
  if (status != null) {
    sql.append(" AND status = '").append(status).append("'");
  }
  return jdbcTemplate.query(sql.toString(), mapper);
}`,
      ),
      rest(
        `@GetMapping("/users")
List<User> users(@RequestParam String sort) {
  return entityManager.createQuery("from User order by " + sort).getResultList();
}`,
      ),
      type(`void drop(String table) { jdbc.execute("DROP TABLE " + table); }`),
      type(
        `int remove(Statement statement, List<String> ids) throws SQLException {
  String list = String.join(",", ids);
  return statement.executeUpdate("DELETE FROM items WHERE id IN (" + list + ")");
}`,
      ),
    ],
    negative: [
      type(
        `enum Column { NAME, DATE; String sql() { return name().toLowerCase(); } }
List<User> sorted(Column column) { return jdbcTemplate.query("SELECT * FROM users ORDER BY " + column.sql(), mapper); }`,
      ),
      servlet(
        `PreparedStatement statement = connection.prepareStatement("SELECT * FROM users WHERE name = ?");
statement.setString(1, request.getParameter("name"));
statement.executeQuery();`,
      ),
      type(
        `private static final String TABLE = "users";
ResultSet all(Statement statement) throws SQLException { return statement.executeQuery("SELECT * FROM " + TABLE + " ORDER BY id"); }`,
      ),
      type(
        `User find(long id) { return jdbcTemplate.queryForObject("SELECT * FROM users WHERE id = " + id, mapper); }`,
      ),
      rest(
        `private static final Map<String, String> COLUMNS = Map.of("name", "name", "date", "created_at");
@GetMapping("/users")
List<User> users(@RequestParam String sort) {
  String column = COLUMNS.getOrDefault(sort, "name");
  return jdbcTemplate.query("SELECT * FROM users ORDER BY " + column, mapper);
}`,
      ),
      type(
        `List<User> find(List<Long> ids) {
  String marks = String.join(",", Collections.nCopies(ids.size(), "?"));
  return jdbcTemplate.query("SELECT * FROM users WHERE id IN (" + marks + ")", mapper, ids.toArray());
}`,
      ),
      rest(
        `@GetMapping("/users")
List<User> users(@RequestParam String sort) {
  if (!Set.of("name", "date").contains(sort)) {
    throw new IllegalArgumentException();
  }
  return jdbcTemplate.query("SELECT * FROM users ORDER BY " + sort, mapper);
}`,
      ),
      type(
        `void run(Runnable task, String name) { executor.execute(task); log.info("select from " + name); }`,
      ),
      type(
        `List<User> page(String direction) {
  String order = "desc".equals(direction) ? "DESC" : "ASC";
  return jdbcTemplate.query("SELECT * FROM users ORDER BY id " + order, mapper);
}`,
      ),
    ],
  },
  'java-mybatis-raw-placeholder': {
    positive: [
      type(
        `@Select("SELECT * FROM users WHERE name = '\${name}'")\nUser find(String name);`,
        'org.apache.ibatis.annotations.Select',
      ),
      type(
        `@Update({"UPDATE users", "SET name = \${name}"})\nvoid rename(String name);`,
        'org.apache.ibatis.annotations.*',
      ),
      type(
        `@Delete("DELETE FROM \${table} WHERE id = #{id}")\nint remove(String table, long id);`,
        'org.apache.ibatis.annotations.Delete',
      ),
    ],
    negative: [
      type(
        `@Select("SELECT * FROM users WHERE name = #{name}")\nUser find(String name);`,
        'org.apache.ibatis.annotations.Select',
      ),
      type(
        `@Value("\${db.url}")\nString url;\n@Select("SELECT 1")\nint one();`,
        'org.apache.ibatis.annotations.Select',
      ),
      type(
        `@Query("SELECT u FROM User u WHERE u.name = :name")\nUser find(String name);`,
        'org.apache.ibatis.annotations.Select',
      ),
    ],
  },
  'java-ldap-filter-from-values': {
    positive: [
      servlet(
        `String filter = "(&(objectClass=person)(uid=" + request.getParameter("user") + "))";
context.search("ou=people", filter, controls);`,
        'javax.naming.directory.*',
      ),
      type(
        `List<User> find(String mail) { return ldapTemplate.search("", String.format("(mail=%s)", mail), mapper); }`,
      ),
      type(
        `boolean login(DirContext ctx, String name, String password) throws NamingException {
  NamingEnumeration<SearchResult> found = ctx.search(BASE, "(cn=" + name + ")", new SearchControls());
  return found.hasMore();
}`,
      ),
    ],
    negative: [
      servlet(
        `context.search("ou=people", "(uid={0})", new Object[] { request.getParameter("user") }, controls);`,
        'javax.naming.directory.*',
      ),
      type(
        `List<User> find(String mail) { return ldapTemplate.search("", "(mail=" + LdapEncoder.filterEncode(mail) + ")", mapper); }`,
      ),
      type(
        `void all(DirContext ctx) throws NamingException { ctx.search(BASE, "(objectClass=person)", controls); }`,
      ),
    ],
  },
  'java-xpath-from-values': {
    positive: [
      servlet(
        `String user = request.getParameter("user");
NodeList nodes = (NodeList) xpath.evaluate("//user[name='" + user + "']", document, XPathConstants.NODESET);`,
        'javax.xml.xpath.*',
      ),
      type(
        `Node find(XPath xpath, String id) throws XPathExpressionException {
  XPathExpression expression = xpath.compile(String.format("/items/item[@id='%s']", id));
  return (Node) expression.evaluate(document, XPathConstants.NODE);
}`,
      ),
      type(
        `List<Node> find(Document document, String name) { return document.selectNodes("//author[@name='" + name + "']"); }`,
      ),
    ],
    negative: [
      type(
        `NodeList titles(XPath xpath) throws XPathExpressionException { return (NodeList) xpath.evaluate("//book/title", document, XPathConstants.NODESET); }`,
      ),
      type(
        `Node nth(XPath xpath, int n) throws XPathExpressionException { return (Node) xpath.evaluate("//book[" + n + "]", document, XPathConstants.NODE); }`,
      ),
      type(
        `Pattern wanted(String word) { return Pattern.compile("/a/" + word); }
Object run(XPath xpath) throws Exception { return xpath.compile("//user[name=$name]"); }`,
      ),
    ],
  },
  'java-nosql-query-from-values': {
    positive: [
      rest(
        `@GetMapping("/users")
List<User> users(@RequestParam String name) {
  return mongo.find(new BasicQuery("{ name: '" + name + "' }"), User.class);
}`,
        'org.springframework.data.mongodb.core.query.BasicQuery',
      ),
      servlet(
        `Document query = Document.parse(request.getReader().readLine());\ncollection.find(query);`,
        'org.bson.Document',
      ),
      type(
        `FindIterable<Document> adults(String age) { return users.find(new Document("$where", "this.age > " + age)); }`,
        'org.bson.Document',
      ),
    ],
    negative: [
      servlet(
        `collection.find(Filters.eq("name", request.getParameter("name")));`,
        'com.mongodb.client.model.Filters',
      ),
      type(`Document fixed() { return Document.parse("{ active: true }"); }`, 'org.bson.Document'),
      type(
        `LocalDate day(String text) { return LocalDate.parse(text); }\nDocument one(String name) { return new Document("name", name); }`,
        'org.bson.Document',
      ),
    ],
  },
  'java-header-from-input': {
    positive: [
      servlet('response.setHeader("X-Language", request.getParameter("lang"));'),
      servlet(
        'String name = request.getParameter("file");\nresponse.addHeader("Content-Disposition", "attachment; filename=" + name);',
      ),
      rest(
        `@GetMapping("/file")
void file(@RequestParam("name") String name, HttpServletResponse response) {
  response.setHeader("Content-Disposition", String.format("inline; filename=%s", name));
}`,
      ),
    ],
    negative: [
      servlet('response.setHeader("Cache-Control", "no-store");'),
      servlet(
        'String name = request.getParameter("file").replaceAll("[^a-z]", "");\nresponse.setHeader("Content-Disposition", "attachment; filename=" + name);',
      ),
      servlet(
        'response.setHeader("X-Page", String.valueOf(Integer.parseInt(request.getParameter("page"))));',
      ),
      servlet('builder.setHeader("X-Language", request.getParameter("lang"));'),
    ],
  },
}
