class OrderService {
    @Transactional
    public Order place(NewOrder request) {
        Order order = orderRepository.save(Order.from(request));
        stockRepository.reserve(order.getLines());
        kafkaTemplate.send("orders", order.getId().toString(), OrderPlaced.of(order));
        return order;
    }
}
