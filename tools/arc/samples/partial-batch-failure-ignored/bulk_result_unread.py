def put_records(stream, records):
    client.put_records(
        StreamName=stream,
        Records=[
            {"Data": json.dumps(record).encode(), "PartitionKey": record["id"]}
            for record in records
        ],
    )
    Record.objects.filter(id__in=[record["id"] for record in records]).update(
        exported=True
    )
    logger.info("exported %d records", len(records))
