public class V42__BackfillRegion extends BaseJavaMigration {
    @Override
    public void migrate(Context context) throws Exception {
        try (Statement select = context.getConnection().createStatement();
                PreparedStatement update = context.getConnection()
                        .prepareStatement("UPDATE orders SET region = ? WHERE id = ?")) {
            ResultSet rows = select.executeQuery("SELECT id, country FROM orders WHERE region IS NULL");
            while (rows.next()) {
                update.setString(1, Regions.of(rows.getString("country")));
                update.setLong(2, rows.getLong("id"));
                update.executeUpdate();
            }
        }
    }
}
