package worker

func (w *Worker) Run(ctx context.Context) error {
	for {
		msg, err := w.reader.FetchMessage(ctx)
		if err != nil {
			return err
		}
		if err := w.reader.CommitMessages(ctx, msg); err != nil {
			return err
		}
		var event Event
		if err := json.Unmarshal(msg.Value, &event); err != nil {
			return err
		}
		go w.apply(ctx, event)
	}
}
