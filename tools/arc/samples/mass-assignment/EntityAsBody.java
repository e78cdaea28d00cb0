class UserController {
    @PutMapping("/users/{id}")
    UserEntity replace(@PathVariable Long id, @RequestBody UserEntity user) {
        user.setId(id);
        return userRepository.save(user);
    }
}
