class ImportController {
    private final ExecutorService pool =
            new ThreadPoolExecutor(8, 8, 0L, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<Runnable>());

    @PostMapping("/imports")
    ResponseEntity<Void> accept(@RequestBody ImportRequest body) {
        pool.execute(() -> {
            List<Row> rows = parser.parse(body.getContent());
            repository.saveAll(rows);
        });
        return ResponseEntity.accepted().build();
    }
}
