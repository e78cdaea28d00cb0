class SessionRegistry {
    private final Map<String, Session> sessions = new HashMap<>();
    private final Map<String, Integer> hits = new HashMap<>();

    Session open(String token) {
        Session session = sessions.get(token);
        if (session == null) {
            session = loader.load(token);
            sessions.put(token, session);
        }
        hits.put(token, hits.getOrDefault(token, 0) + 1);
        return session;
    }
}
