class Ledger {
    private final ReentrantLock lock = new ReentrantLock();

    void post(Entry entry) throws LedgerException {
        lock.lock();
        validate(entry);
        entries.add(entry);
        balance = balance.add(entry.getAmount());
        journal.append(entry);
        lock.unlock();
    }
}
