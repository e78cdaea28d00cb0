class DepositListener {
    @KafkaListener(topics = "deposits")
    @Transactional
    public void onDeposit(Deposit deposit) {
        Account account = accounts.findById(deposit.getAccountId()).orElseThrow();
        account.setBalance(account.getBalance().add(deposit.getAmount()));
        accounts.save(account);
        entries.save(new Entry(deposit.getAccountId(), deposit.getAmount(), Instant.now()));
        kafka.send("balance-changed", account.getId(), account.getBalance());
    }
}
