class UserDao {
    List<Order> search(String customer, String state) {
        String sql = "SELECT * FROM orders WHERE customer = '" + customer + "'";
        if (state != null) {
            sql += " AND state = '" + state + "'";
        }
        return jdbcTemplate.query(sql, orderMapper);
    }
}
