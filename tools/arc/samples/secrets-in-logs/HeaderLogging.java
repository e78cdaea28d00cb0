class AuthController {
    void logHeaders(HttpServletRequest request) {
        Collections.list(request.getHeaderNames())
                .forEach(name -> log.info("header {}={}", name, request.getHeader(name)));
    }
}
