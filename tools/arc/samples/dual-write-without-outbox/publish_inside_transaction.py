def cancel_subscription(session, subscription_id):
    subscription = session.get(Subscription, subscription_id)
    subscription.state = "cancelled"
    session.add(subscription)
    channel.basic_publish(
        exchange="subscriptions",
        routing_key="cancelled",
        body=json.dumps({"id": subscription_id, "at": utc_now().isoformat()}),
    )
    session.commit()
