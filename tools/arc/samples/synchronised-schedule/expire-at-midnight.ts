export const cacheUntilMidnight = (value: string): CacheEntry => ({
  value,
  expiresAt: new Date().setHours(24, 0, 0, 0),
});
