class TranslationCache {
    private static final Map<String, String> CACHE = new ConcurrentHashMap<>();

    String translate(String text, String language) {
        String key = language + ":" + text;
        return CACHE.computeIfAbsent(key, ignored -> translator.translate(text, language));
    }
}
