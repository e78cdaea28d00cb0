class Connector {
    Connection connect() {
        while (true) {
            try {
                return DriverManager.getConnection(url, user, password);
            } catch (SQLException e) {
                log.warn("database is not reachable", e);
            }
        }
    }
}
