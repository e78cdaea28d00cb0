package pool

func (p *Pool) Client() *Client {
	if p.client != nil {
		return p.client
	}
	p.mu.Lock()
	if p.client == nil {
		p.client = &Client{addr: p.addr}
		p.client.handlers = make(map[string]Handler)
		p.client.connect()
	}
	p.mu.Unlock()
	return p.client
}
