package server

func (s *Server) handleHealthz(w http.ResponseWriter, r *http.Request) {
	if err := s.db.PingContext(r.Context()); err != nil {
		http.Error(w, "database: "+err.Error(), http.StatusServiceUnavailable)
		return
	}
	if err := s.redis.Ping(r.Context()).Err(); err != nil {
		http.Error(w, "cache: "+err.Error(), http.StatusServiceUnavailable)
		return
	}
	if err := s.broker.Ping(r.Context()); err != nil {
		http.Error(w, "broker: "+err.Error(), http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusOK)
}
