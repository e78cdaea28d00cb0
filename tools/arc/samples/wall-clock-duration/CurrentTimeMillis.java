class ReadinessWaiter {
    void waitUntilReady(Service service, long timeoutMillis) throws InterruptedException, TimeoutException {
        long deadline = System.currentTimeMillis() + timeoutMillis;
        while (System.currentTimeMillis() < deadline) {
            if (service.isReady()) {
                return;
            }
            Thread.sleep(250);
        }
        throw new TimeoutException("not ready after " + timeoutMillis + " ms");
    }
}
