class FileController {
    @GetMapping("/files")
    ResponseEntity<Resource> download(@RequestParam String name) throws IOException {
        Path file = Paths.get(uploadDir, name);
        return ResponseEntity.ok().body(new InputStreamResource(Files.newInputStream(file)));
    }
}
