class ReadinessWaiter {
    <T> T timed(String name, Supplier<T> work) {
        long started = System.currentTimeMillis();
        T result = work.get();
        metrics.record(name, System.currentTimeMillis() - started);
        return result;
    }
}
