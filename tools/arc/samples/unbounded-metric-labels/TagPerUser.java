class RequestMetrics {
    void afterCompletion(HttpServletRequest request, HttpServletResponse response, long nanos) {
        Timer.builder("http.requests")
                .tag("uri", request.getRequestURI())
                .tag("query", String.valueOf(request.getQueryString()))
                .tag("user", request.getRemoteUser())
                .tag("session", request.getSession().getId())
                .register(meterRegistry)
                .record(nanos, TimeUnit.NANOSECONDS);
        meterRegistry.counter("users." + request.getRemoteUser() + ".requests").increment();
    }
}
