package export

func (e *Exporter) Flush(ctx context.Context, records []Record) error {
	entries := make([]types.PutRecordsRequestEntry, 0, len(records))
	for _, record := range records {
		entries = append(entries, types.PutRecordsRequestEntry{Data: record.Data, PartitionKey: aws.String(record.Key)})
	}
	_, err := e.client.PutRecords(ctx, &kinesis.PutRecordsInput{StreamName: aws.String(e.stream), Records: entries})
	if err != nil {
		return fmt.Errorf("put records: %w", err)
	}
	return e.checkpoint.Advance(ctx, records[len(records)-1].Offset)
}
