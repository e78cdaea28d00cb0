class AuthController {
    @PostMapping("/login")
    TokenResponse login(@RequestBody LoginRequest request) {
        log.info("login request: email={} password={}", request.getEmail(), request.getPassword());
        Token token = authService.authenticate(request.getEmail(), request.getPassword());
        log.debug("issued token {} refresh {}", token.getValue(), token.getRefreshToken());
        return new TokenResponse(token);
    }
}
