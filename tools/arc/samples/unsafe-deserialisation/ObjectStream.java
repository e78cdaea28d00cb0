class SessionFilter {
    Session readSession(HttpServletRequest request) throws IOException, ClassNotFoundException {
        byte[] bytes = Base64.getDecoder().decode(cookieValue(request, "session"));
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return (Session) in.readObject();
        }
    }
}
