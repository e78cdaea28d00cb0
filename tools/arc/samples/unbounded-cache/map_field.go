package resolver

func (r *Resolver) Resolve(ctx context.Context, host string) ([]net.IPAddr, error) {
	r.mu.RLock()
	addrs, ok := r.cache[host]
	r.mu.RUnlock()
	if ok {
		return addrs, nil
	}
	addrs, err := r.upstream.LookupIPAddr(ctx, host)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	r.cache[host] = addrs
	r.mu.Unlock()
	return addrs, nil
}
