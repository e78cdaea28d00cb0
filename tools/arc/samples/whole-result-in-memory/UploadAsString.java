class ExportController {
    void importFile(MultipartFile file) throws IOException {
        String content = new String(file.getBytes(), StandardCharsets.UTF_8);
        repository.saveAll(content.lines().map(Entry::parse).toList());
    }
}
