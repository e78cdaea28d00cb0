class InvoiceJobs {
    @Async
    @Scheduled(fixedRate = 60_000)
    public void collectOpenInvoices() {
        for (Invoice invoice : invoiceRepository.findByState(State.OPEN)) {
            paymentGateway.collect(invoice);
            invoice.setState(State.COLLECTED);
            invoiceRepository.save(invoice);
        }
    }
}
