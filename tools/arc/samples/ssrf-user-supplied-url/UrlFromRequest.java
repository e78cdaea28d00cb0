class PreviewController {
    @PostMapping("/preview")
    Preview preview(@RequestParam String url) throws IOException {
        URLConnection connection = new URL(url).openConnection();
        connection.setConnectTimeout(5000);
        connection.setReadTimeout(5000);
        try (InputStream in = connection.getInputStream()) {
            return Preview.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
