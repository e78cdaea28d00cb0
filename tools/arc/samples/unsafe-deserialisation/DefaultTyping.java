class MessageCodec {
    private final ObjectMapper mapper = new ObjectMapper();

    MessageCodec() {
        mapper.enableDefaultTyping(ObjectMapper.DefaultTyping.NON_FINAL);
        mapper.activateDefaultTyping(LaissezFaireSubTypeValidator.instance);
    }

    Object decode(String json) throws IOException {
        return mapper.readValue(json, Object.class);
    }
}
