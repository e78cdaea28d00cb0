package broker

func dial(ctx context.Context, addr string) (net.Conn, error) {
	config := &tls.Config{
		ServerName:         hostOf(addr),
		InsecureSkipVerify: true,
		MinVersion:         tls.VersionTLS12,
	}
	dialer := &tls.Dialer{Config: config}
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", addr, err)
	}
	return conn, nil
}
