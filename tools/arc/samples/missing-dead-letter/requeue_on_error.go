package consumer

func (c *Consumer) Run(ctx context.Context, deliveries <-chan amqp.Delivery) {
	for delivery := range deliveries {
		var order Order
		if err := json.Unmarshal(delivery.Body, &order); err != nil {
			log.Printf("bad message: %v", err)
			delivery.Nack(false, true)
			continue
		}
		if err := c.handle(ctx, order); err != nil {
			log.Printf("handling failed: %v", err)
			delivery.Nack(false, true)
			continue
		}
		delivery.Ack(false)
	}
}
