class InvoiceClient {
    Invoice fetchWithRetry(String id) throws IOException {
        IOException last = null;
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            try {
                return api.getInvoice(id);
            } catch (IOException e) {
                last = e;
                log.warn("attempt {} for invoice {} failed", attempt, id, e);
            }
        }
        throw last;
    }
}
