class TaxRates {
    BigDecimal rateFor(String country) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(BASE + "/rates/" + country).openConnection();
        connection.setRequestMethod("GET");
        connection.setRequestProperty("Accept", "application/json");
        if (connection.getResponseCode() != 200) {
            throw new IOException("tax service answered " + connection.getResponseCode());
        }
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(connection.getInputStream()))) {
            return new BigDecimal(reader.readLine());
        }
    }
}
