class MigrationLock {
    void runExclusively(Connection connection, Runnable work) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("SELECT pg_advisory_lock(?)")) {
            lock.setLong(1, LOCK_ID);
            lock.execute();
        }
        work.run();
        try (PreparedStatement unlock = connection.prepareStatement("SELECT pg_advisory_unlock(?)")) {
            unlock.setLong(1, LOCK_ID);
            unlock.execute();
        }
    }
}
