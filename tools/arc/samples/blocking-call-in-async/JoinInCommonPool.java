class QuoteService {
    CompletableFuture<Quote> best(String symbol) {
        return CompletableFuture.supplyAsync(() -> {
            List<CompletableFuture<Quote>> quotes = venues.stream()
                    .map(venue -> CompletableFuture.supplyAsync(() -> restTemplate.getForObject(venue.url(symbol), Quote.class)))
                    .toList();
            return quotes.stream()
                    .map(CompletableFuture::join)
                    .min(Comparator.comparing(Quote::price))
                    .orElseThrow();
        });
    }
}
