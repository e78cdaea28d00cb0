export function recordSearch(
  term: string,
  customerId: string,
  elapsedMs: number,
): void {
  statsd.timing(`search.${customerId}.${term}`, elapsedMs);
  statsd.increment(`search.terms.${term}`);
  statsd.gauge(`customers.${customerId}.last_search`, Date.now());
}
