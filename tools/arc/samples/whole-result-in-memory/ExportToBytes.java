class ExportController {
    @GetMapping("/export")
    ResponseEntity<byte[]> export() throws IOException {
        List<Entry> entries = entryRepository.findAll();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (CSVPrinter printer = new CSVPrinter(new OutputStreamWriter(out), CSVFormat.DEFAULT)) {
            for (Entry entry : entries) {
                printer.printRecord(entry.getId(), entry.getBookedAt(), entry.getAmount());
            }
        }
        return ResponseEntity.ok().contentType(MediaType.TEXT_PLAIN).body(out.toByteArray());
    }
}
