class UserDao {
    User findByName(String name, String sort) throws SQLException {
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(
                "SELECT * FROM users WHERE name = '" + name + "' ORDER BY " + sort);
        return rows.next() ? map(rows) : null;
    }
}
