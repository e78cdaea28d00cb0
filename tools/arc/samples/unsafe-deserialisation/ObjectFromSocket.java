class SessionFilter {
    void receive(Socket socket) throws IOException, ClassNotFoundException {
        ObjectInputStream in = new ObjectInputStream(socket.getInputStream());
        Command command = (Command) in.readObject();
        command.execute();
    }
}
