class CheckoutService {
    OrderId checkout(Cart cart) {
        Order order = orders.save(Order.from(cart));
        CompletableFuture.runAsync(() -> warehouse.reserve(order));
        CompletableFuture.runAsync(() -> mailer.sendConfirmation(order));
        executor.submit(() -> {
            invoice.create(order);
            ledger.post(order);
        });
        return order.getId();
    }
}
