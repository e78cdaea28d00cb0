export async function renderPdf(invoice: Invoice): Promise<Buffer> {
  const htmlPath = `/tmp/invoice-${invoice.id}.html`;
  const pdfPath = `/tmp/invoice-${invoice.id}.pdf`;
  await fs.promises.writeFile(htmlPath, renderHtml(invoice));
  await execFileAsync('wkhtmltopdf', [htmlPath, pdfPath]);
  const pdf = await fs.promises.readFile(pdfPath);
  await fs.promises.unlink(htmlPath);
  await fs.promises.unlink(pdfPath);
  return pdf;
}
