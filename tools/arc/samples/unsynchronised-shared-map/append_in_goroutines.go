package collect

func Totals(ctx context.Context, regions []string) (map[string]int64, error) {
	totals := make(map[string]int64)
	var names []string
	var wg sync.WaitGroup
	for _, region := range regions {
		wg.Add(1)
		go func(region string) {
			defer wg.Done()
			total, err := loadTotal(ctx, region)
			if err != nil {
				return
			}
			totals[region] += total
			names = append(names, region)
		}(region)
	}
	wg.Wait()
	return totals, nil
}
