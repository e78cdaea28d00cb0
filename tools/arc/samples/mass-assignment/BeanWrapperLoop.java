class UserController {
    @PatchMapping("/users/me")
    User updateMe(@AuthenticationPrincipal User current, @RequestBody Map<String, Object> body) {
        BeanWrapper wrapper = new BeanWrapperImpl(current);
        body.forEach(wrapper::setPropertyValue);
        return userRepository.save(current);
    }
}
