package lock

func (l *Locker) Do(ctx context.Context, name string, work func(context.Context) error) error {
	ok, err := l.client.SetNX(ctx, "lock:"+name, "1", 30*time.Second).Result()
	if err != nil {
		return err
	}
	if !ok {
		return ErrLocked
	}
	defer l.client.Del(ctx, "lock:"+name)
	return work(ctx)
}
