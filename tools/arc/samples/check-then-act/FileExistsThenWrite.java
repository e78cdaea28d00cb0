class RegistrationService {
    Path createOnce(Path file, byte[] content) throws IOException {
        if (!Files.exists(file)) {
            Files.write(file, content);
        }
        return file;
    }
}
