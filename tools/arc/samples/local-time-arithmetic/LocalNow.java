class ShiftCalculator {
    boolean isExpired(Subscription subscription) {
        LocalDateTime expires = subscription.getStartedAt().plusDays(30);
        return LocalDateTime.now().isAfter(expires);
    }
}
