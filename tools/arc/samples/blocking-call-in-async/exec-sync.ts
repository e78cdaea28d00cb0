router.post('/thumbnails', async (ctx) => {
  const source = path.join(UPLOADS, `${ctx.state.uploadId}.png`);
  fs.writeFileSync(source, ctx.request.body);
  execFileSync('convert', [source, '-resize', '200x200', `${source}.thumb`]);
  const archive = zlib.gzipSync(fs.readFileSync(`${source}.thumb`));
  await storage.put(`thumbs/${ctx.state.uploadId}`, archive);
  ctx.status = 201;
});
