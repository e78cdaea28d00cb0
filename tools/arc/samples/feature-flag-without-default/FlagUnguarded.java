class CheckoutController {
    @PostMapping("/checkout")
    Receipt checkout(@AuthenticationPrincipal User user, @RequestBody Cart cart) {
        FeatureFlag flag = flagRepository.findByName("new-checkout").get();
        if (flag.isEnabled()) {
            int maxItems = Integer.parseInt(flagRepository.findByName("max-items").get().getValue());
            return newCheckout.run(user, cart, maxItems);
        }
        return checkout.run(user, cart);
    }
}
