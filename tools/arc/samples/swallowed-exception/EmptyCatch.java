class TransferService {
    void transfer(Account from, Account to, BigDecimal amount) {
        try {
            ledger.debit(from.getId(), amount);
            ledger.credit(to.getId(), amount);
        } catch (Exception e) {
        }
    }

    void flush() {
        try {
            writer.flush();
            writer.close();
        } catch (IOException ignored) {
        }
    }
}
