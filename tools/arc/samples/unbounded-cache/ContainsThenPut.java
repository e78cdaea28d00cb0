class TranslationCache {
    byte[] thumbnail(String path) {
        if (!thumbnails.containsKey(path)) {
            thumbnails.put(path, renderer.render(path));
        }
        return thumbnails.get(path);
    }
}
