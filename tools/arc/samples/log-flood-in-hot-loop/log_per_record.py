def process_batch(records):
    for record in records:
        logger.info("processing record %s", json.dumps(record))
        reading = parse_reading(record)
        logger.info("parsed reading %s = %s", reading.sensor, reading.value)
        if reading.value > THRESHOLD:
            logger.warning(
                "reading %s is above the threshold: %r", reading.sensor, record
            )
        buffer.append(reading)
        logger.info("buffer has %d readings", len(buffer))
