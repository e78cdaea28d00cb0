class InventoryService {
    long nextNumber(String series) {
        Long current = redisTemplate.opsForValue().get(series);
        long next = current == null ? 1 : current + 1;
        redisTemplate.opsForValue().set(series, next);
        return next;
    }
}
