package middleware

var requests = promauto.NewCounterVec(
	prometheus.CounterOpts{Name: "http_requests_total", Help: "HTTP requests"},
	[]string{"method", "path", "user", "remote"},
)

func Metrics(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		requests.WithLabelValues(r.Method, r.URL.Path, r.Header.Get("X-User"), r.RemoteAddr).Inc()
	})
}
