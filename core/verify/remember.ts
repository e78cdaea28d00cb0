/** Adds to a map of at most `maximum` entries; the oldest ones leave. */
export function remember<Key, Value>(map: Map<Key, Value>, key: Key, value: Value, maximum: number): void {
  map.delete(key)
  map.set(key, value)
  for (const oldest of map.keys()) {
    if (map.size <= maximum) break
    map.delete(oldest)
  }
}
