class RatesClient {
    private final RestTemplate restTemplate = new RestTemplate();

    Rates latest(String base) {
        ResponseEntity<Rates> response =
                restTemplate.getForEntity(baseUrl + "/latest?base=" + base, Rates.class);
        return response.getBody();
    }
}
