class OrderDao {
    List<Order> ordersOf(long customerId) throws SQLException {
        List<Order> orders = loadOrders(customerId);
        for (Order order : orders) {
            try (PreparedStatement statement = connection.prepareStatement("SELECT sku, quantity FROM lines WHERE order_id = ?")) {
                statement.setLong(1, order.getId());
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        order.add(new Line(rows.getString("sku"), rows.getInt("quantity")));
                    }
                }
            }
        }
        return orders;
    }
}
