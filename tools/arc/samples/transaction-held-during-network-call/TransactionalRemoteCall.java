class CheckoutService {
    @Transactional
    public void checkout(Long orderId) {
        Order order = orderRepository.findByIdForUpdate(orderId);
        order.setState(OrderState.PAYING);
        ResponseEntity<Charge> response =
                restTemplate.postForEntity(paymentsUrl + "/charges", new ChargeRequest(order), Charge.class);
        order.setChargeId(response.getBody().getId());
        order.setState(OrderState.PAID);
        orderRepository.save(order);
        mailSender.send(receiptFor(order));
    }
}
