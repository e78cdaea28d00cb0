package render

func PDF(ctx context.Context, invoice *Invoice) ([]byte, error) {
	htmlPath := fmt.Sprintf("/tmp/invoice-%d.html", invoice.ID)
	pdfPath := filepath.Join(os.TempDir(), fmt.Sprintf("invoice-%d.pdf", invoice.ID))
	if err := os.WriteFile(htmlPath, renderHTML(invoice), 0o666); err != nil {
		return nil, err
	}
	defer os.Remove(htmlPath)
	defer os.Remove(pdfPath)
	if err := exec.CommandContext(ctx, "wkhtmltopdf", htmlPath, pdfPath).Run(); err != nil {
		return nil, err
	}
	return os.ReadFile(pdfPath)
}
