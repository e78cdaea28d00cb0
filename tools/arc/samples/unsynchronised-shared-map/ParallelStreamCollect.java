class Importer {
    Map<String, Long> importAll(List<Path> files) {
        Map<String, Long> counts = new HashMap<>();
        List<String> failures = new ArrayList<>();
        files.parallelStream().forEach(file -> {
            try {
                counts.put(file.getFileName().toString(), importFile(file));
            } catch (IOException e) {
                failures.add(file + ": " + e.getMessage());
            }
        });
        log.info("imported {} files, {} failed", counts.size(), failures.size());
        return counts;
    }
}
