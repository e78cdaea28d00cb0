class SessionManager {
    Session open(Socket socket) throws IOException {
        BlockingQueue<Message> outbox = new ArrayBlockingQueue<>(100);
        Session session = new Session(socket, outbox);
        new Thread(() -> {
            while (true) {
                try {
                    session.write(outbox.take());
                } catch (InterruptedException | IOException e) {
                    log.warn("write failed", e);
                }
            }
        }).start();
        new Timer().scheduleAtFixedRate(session.heartbeat(), 0, 10_000);
        return session;
    }
}
