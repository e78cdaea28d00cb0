class OrderQuery {
    List<OrderView> recentOrders(Long customerId) {
        List<OrderView> views = new ArrayList<>();
        for (Order order : orderRepository.findTop100ByCustomerId(customerId)) {
            Customer customer = customerRepository.findById(order.getCustomerId()).orElseThrow();
            List<Line> lines = lineRepository.findAllById(order.getLineIds());
            BigDecimal paid = paymentRepository.findById(order.getPaymentId()).map(Payment::getAmount).orElse(BigDecimal.ZERO);
            views.add(new OrderView(order, customer, lines, paid));
        }
        return views;
    }
}
