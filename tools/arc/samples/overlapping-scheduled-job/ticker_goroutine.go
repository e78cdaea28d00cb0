package jobs

func (j *Jobs) Start(ctx context.Context) {
	ticker := time.NewTicker(time.Minute)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			go func() {
				invoices, err := j.store.OpenInvoices(ctx)
				if err != nil {
					return
				}
				for _, invoice := range invoices {
					j.collect(ctx, invoice)
				}
			}()
		}
	}
}
