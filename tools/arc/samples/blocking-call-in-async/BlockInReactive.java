class ProfileHandler {
    Mono<ServerResponse> profile(ServerRequest request) {
        return Mono.fromSupplier(() -> request.pathVariable("id"))
                .map(id -> {
                    User user = userRepository.findById(id).orElseThrow();
                    Avatar avatar = webClient.get().uri("/avatars/{id}", id).retrieve().bodyToMono(Avatar.class).block();
                    return new Profile(user, avatar);
                })
                .flatMap(profile -> ServerResponse.ok().bodyValue(profile));
    }
}
