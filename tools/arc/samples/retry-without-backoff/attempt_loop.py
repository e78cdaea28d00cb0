def publish_with_retry(client, topic, payload):
    last_error = None
    for attempt in range(MAX_RETRIES):
        try:
            return client.publish(topic, payload)
        except ConnectionError as error:
            last_error = error
            logger.warning("publish failed on attempt %d: %s", attempt, error)
            continue
    raise last_error


def publish_all(client, topic, payloads):
    return [publish_with_retry(client, topic, payload) for payload in payloads]
