package proxy

func (p *Proxy) Serve(listener net.Listener) error {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		go func() {
			defer conn.Close()
			upstream, err := net.Dial("tcp", p.target)
			if err != nil {
				return
			}
			defer upstream.Close()
			go io.Copy(upstream, conn)
			io.Copy(conn, upstream)
		}()
	}
}
