package schedule

func NextRun(last time.Time) time.Time {
	next := last.Add(24 * time.Hour)
	return time.Date(next.Year(), next.Month(), next.Day(), 2, 30, 0, 0, time.Local)
}
