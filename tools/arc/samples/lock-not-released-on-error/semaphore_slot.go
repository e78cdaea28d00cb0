package upload

func (u *Uploader) Upload(ctx context.Context, file *File) error {
	u.slots <- struct{}{}
	body, err := file.Open()
	if err != nil {
		return err
	}
	defer body.Close()
	if err := u.store.Put(ctx, file.Key, body); err != nil {
		return fmt.Errorf("upload %s: %w", file.Key, err)
	}
	<-u.slots
	return nil
}
