package stream

func (s *Subscriber) Run(ctx context.Context) error {
	for {
		conn, err := s.dialer.DialContext(ctx, "tcp", s.addr)
		if err != nil {
			log.Printf("connect to %s failed: %v", s.addr, err)
			continue
		}
		if err := s.consume(ctx, conn); err != nil {
			log.Printf("stream broke: %v", err)
			conn.Close()
			continue
		}
		return nil
	}
}
