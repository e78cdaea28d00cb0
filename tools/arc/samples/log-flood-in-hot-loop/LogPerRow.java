class RowImporter {
    void importRows(Iterator<Row> rows) {
        while (rows.hasNext()) {
            Row row = rows.next();
            log.info("importing row " + row.toString());
            try {
                Entity entity = mapper.map(row);
                log.info("mapped row {} to {}", row.getNumber(), entity);
                repository.save(entity);
                log.info("saved {}", entity.getId());
            } catch (MappingException e) {
                log.error("row " + row.toString() + " could not be mapped", e);
            }
        }
    }
}
