class PriceCache {
    PriceList prices(String region) {
        String key = "prices:" + region;
        PriceList cached = (PriceList) redisTemplate.opsForValue().get(key);
        if (cached != null) {
            return cached;
        }
        PriceList prices = repository.computePriceList(region);
        redisTemplate.opsForValue().set(key, prices, Duration.ofMinutes(5));
        return prices;
    }
}
