class UserDao {
    User findByEmail(String email) throws SQLException {
        Connection connection = dataSource.getConnection();
        PreparedStatement statement = connection.prepareStatement("SELECT id, name FROM users WHERE email = ?");
        statement.setString(1, email);
        ResultSet result = statement.executeQuery();
        if (!result.next()) {
            throw new UserNotFoundException(email);
        }
        User user = new User(result.getLong("id"), result.getString("name"));
        result.close();
        statement.close();
        connection.close();
        return user;
    }
}
