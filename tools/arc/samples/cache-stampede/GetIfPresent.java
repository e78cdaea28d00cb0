class UserCache {
    User user(Long id) {
        User user = cache.getIfPresent(id);
        if (user == null) {
            user = userRepository.findById(id).orElse(null);
            cache.put(id, user);
        }
        return user;
    }
}
