class TokenVerifier {
    Claims verify(String token) throws TokenException {
        Claims claims = parser.parse(token, publicKey);
        Instant now = Instant.now();
        if (claims.getExpiration().toInstant().isBefore(now)) {
            throw new TokenException("token has expired");
        }
        if (claims.getIssuedAt().toInstant().isAfter(now) || claims.getNotBefore().toInstant().isAfter(now)) {
            throw new TokenException("token is not valid yet");
        }
        return claims;
    }
}
