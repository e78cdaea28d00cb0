class OrderListener {
    void onDelivery(String tag, Delivery delivery) throws IOException {
        long deliveryTag = delivery.getEnvelope().getDeliveryTag();
        try {
            Order order = mapper.readValue(delivery.getBody(), Order.class);
            fulfilment.handle(order);
            channel.basicAck(deliveryTag, false);
        } catch (Exception e) {
            log.error("order failed, requeueing", e);
            channel.basicNack(deliveryTag, false, true);
        }
    }
}
