class Ledger {
    boolean reserve(int permits) throws InterruptedException {
        semaphore.acquire(permits);
        Reservation reservation = inventory.reserve(permits);
        semaphore.release(permits);
        return reservation.isConfirmed();
    }
}
