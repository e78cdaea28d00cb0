export async function importArchive(stream: Readable): Promise<number> {
  const file = path.join(os.tmpdir(), `${randomUUID()}.zip`);
  await pipeline(stream, fs.createWriteStream(file));
  const entries = await readZip(file);
  if (entries.length === 0) {
    throw new EmptyArchive();
  }
  await store.insertAll(entries.map(parseEntry));
  await fs.promises.rm(file);
  return entries.length;
}
