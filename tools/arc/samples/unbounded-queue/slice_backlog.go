package relay

func (r *Relay) Enqueue(msg Message) {
	r.mu.Lock()
	r.backlog = append(r.backlog, msg)
	r.mu.Unlock()
	r.cond.Signal()
}

func (r *Relay) loop() {
	for {
		r.mu.Lock()
		for len(r.backlog) == 0 {
			r.cond.Wait()
		}
		msg := r.backlog[0]
		r.backlog = r.backlog[1:]
		r.mu.Unlock()
		r.send(msg)
	}
}
