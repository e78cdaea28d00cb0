class StockService {
    @Retryable(maxAttempts = 4, backoff = @Backoff(delay = 200, multiplier = 2))
    public Stock stockOf(String sku) {
        return retryTemplate.execute(context -> client.get()
                .uri("/stock/{sku}", sku)
                .retrieve()
                .bodyToMono(Stock.class)
                .retryWhen(Retry.backoff(3, Duration.ofMillis(100)))
                .timeout(Duration.ofSeconds(2))
                .block());
    }

    @Retryable(maxAttempts = 3, backoff = @Backoff(delay = 500))
    public Basket price(Basket basket) {
        basket.lines().forEach(line -> line.reserve(stockOf(line.sku())));
        return basket;
    }
}
