export async function transcode(upload: Buffer): Promise<Buffer> {
  const directory = await fs.promises.mkdtemp(
    path.join(os.tmpdir(), 'transcode-'),
  );
  const source = path.join(directory, 'source.mov');
  const target = path.join(directory, 'target.mp4');
  await fs.promises.writeFile(source, upload);
  await execFileAsync('ffmpeg', ['-i', source, target]);
  return fs.promises.readFile(target);
}
