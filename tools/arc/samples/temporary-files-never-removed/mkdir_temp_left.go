package transcode

func Run(ctx context.Context, upload io.Reader) ([]byte, error) {
	dir, err := os.MkdirTemp("", "transcode-")
	if err != nil {
		return nil, err
	}
	source := filepath.Join(dir, "source.mov")
	target := filepath.Join(dir, "target.mp4")
	file, err := os.Create(source)
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(file, upload); err != nil {
		return nil, err
	}
	if err := exec.CommandContext(ctx, "ffmpeg", "-i", source, target).Run(); err != nil {
		return nil, err
	}
	return os.ReadFile(target)
}
