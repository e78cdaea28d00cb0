class Transcoder {
    byte[] transcode(MultipartFile upload) throws IOException, InterruptedException {
        File source = File.createTempFile("source", ".mov");
        File target = File.createTempFile("target", ".mp4");
        source.deleteOnExit();
        target.deleteOnExit();
        upload.transferTo(source);
        Process process = new ProcessBuilder("ffmpeg", "-i", source.getPath(), target.getPath()).start();
        if (process.waitFor() != 0) {
            throw new IOException("transcoding failed");
        }
        return Files.readAllBytes(target.toPath());
    }
}
