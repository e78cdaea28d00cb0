class RateTable {
    private boolean initialised;
    private Map<String, BigDecimal> rates;

    BigDecimal rate(String currency) {
        if (!initialised) {
            synchronized (this) {
                if (!initialised) {
                    initialised = true;
                    rates = new HashMap<>();
                    loader.loadInto(rates);
                }
            }
        }
        return rates.get(currency);
    }
}
