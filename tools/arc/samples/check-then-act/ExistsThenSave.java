class RegistrationService {
    User register(String email, String password) {
        if (userRepository.existsByEmail(email)) {
            throw new EmailTakenException(email);
        }
        User user = new User(email, encoder.encode(password));
        return userRepository.save(user);
    }
}
