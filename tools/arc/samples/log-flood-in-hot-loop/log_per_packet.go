package ingest

func (s *Server) readLoop(conn *net.UDPConn) {
	buf := make([]byte, 1500)
	for {
		n, addr, err := conn.ReadFromUDP(buf)
		if err != nil {
			log.Printf("read failed: %v", err)
			continue
		}
		log.Printf("packet of %d bytes from %s: %x", n, addr, buf[:n])
		point, err := decode(buf[:n])
		if err != nil {
			log.Printf("cannot decode %x: %v", buf[:n], err)
			continue
		}
		log.Printf("point %+v", point)
		s.points <- point
	}
}
