class Uploader {
    boolean upload(Path file) throws InterruptedException {
        int retries = 5;
        boolean done = false;
        while (!done && retries > 0) {
            try {
                HttpResponse<String> response = client.send(requestFor(file), HttpResponse.BodyHandlers.ofString());
                done = response.statusCode() == 200;
            } catch (IOException e) {
                log.error("upload failed", e);
            }
            retries--;
        }
        return done;
    }
}
