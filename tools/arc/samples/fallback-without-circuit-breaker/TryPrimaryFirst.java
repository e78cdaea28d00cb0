class PriceService {
    Price priceOf(String sku) {
        try {
            return pricingClient.getPrice(sku, Duration.ofSeconds(10));
        } catch (TimeoutException | ServiceUnavailableException e) {
            log.warn("pricing is unavailable, using the list price for {}", sku, e);
            return listPriceRepository.findBySku(sku)
                    .map(entry -> new Price(sku, entry.getAmount()))
                    .orElseThrow(() -> new PriceUnknownException(sku));
        }
    }
}
