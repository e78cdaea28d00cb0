class StatementListener {
    @KafkaListener(topics = "statements")
    void onMessage(ConsumerRecord<String, String> record, Acknowledgment acknowledgment) throws Exception {
        acknowledgment.acknowledge();
        Statement statement = mapper.readValue(record.value(), Statement.class);
        archive.store(statement);
        mailer.send(statement.getCustomer(), statement.getPdf());
    }
}
