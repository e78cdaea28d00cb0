class EventBuffer {
    private final BlockingQueue<Event> queue = new LinkedBlockingQueue<>();
    private final ExecutorService workers = Executors.newFixedThreadPool(4);

    void accept(Event event) {
        queue.add(event);
    }

    void start() {
        workers.submit(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                Event event = queue.take();
                sink.write(event);
            }
            return null;
        });
    }
}
