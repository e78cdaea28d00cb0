class TokenService {
    private Token token;

    synchronized String accessToken() throws IOException, InterruptedException {
        if (token != null && token.expiresAt().isAfter(Instant.now())) {
            return token.value();
        }
        HttpResponse<String> response = client.send(tokenRequest(), HttpResponse.BodyHandlers.ofString());
        token = mapper.readValue(response.body(), Token.class);
        return token.value();
    }
}
