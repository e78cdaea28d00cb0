class EventReader {
    Event read(ResultSet rows) throws SQLException {
        int id = rows.getInt("id");
        int accountId = (int) rows.getLong("account_id");
        int sizeInBytes = (int) file.length();
        int expiresAt = (int) (System.currentTimeMillis() / 1000) + rows.getInt("ttl");
        return new Event(id, accountId, sizeInBytes, expiresAt);
    }
}
