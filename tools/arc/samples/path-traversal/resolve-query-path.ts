app.get('/download', async (req, res) => {
  const target = path.resolve(UPLOAD_DIR, String(req.query.path));
  const content = await fs.promises.readFile(target);
  res.setHeader(
    'content-disposition',
    `attachment; filename="${path.basename(target)}"`,
  );
  res.send(content);
});
