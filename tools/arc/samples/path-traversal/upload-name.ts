app.post('/upload', upload.single('file'), async (req, res) => {
  const target = `${UPLOAD_DIR}/${req.body.folder}/${req.file.originalname}`;
  await fs.promises.mkdir(path.dirname(target), { recursive: true });
  await fs.promises.writeFile(target, req.file.buffer);
  res.status(201).json({ path: target });
});

export async function extract(archive: Archive, target: string): Promise<void> {
  for (const entry of archive.getEntries()) {
    await fs.promises.writeFile(
      path.join(target, entry.entryName),
      entry.getData(),
    );
  }
}
