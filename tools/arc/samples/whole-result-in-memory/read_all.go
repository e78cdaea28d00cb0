package mirror

func (m *Mirror) Copy(ctx context.Context, source, key string) error {
	resp, err := m.client.Get(source)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	_, err = m.s3.PutObject(ctx, &s3.PutObjectInput{Bucket: &m.bucket, Key: &key, Body: bytes.NewReader(data)})
	return err
}
