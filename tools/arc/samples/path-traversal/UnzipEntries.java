class FileController {
    void unzip(ZipInputStream zip, Path target) throws IOException {
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            Files.copy(zip, target.resolve(entry.getName()));
        }
    }
}
