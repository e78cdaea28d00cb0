export async function importUpload(path: string): Promise<number> {
  const content = await readFile(path, 'utf8');
  const records = content
    .split('\n')
    .map((line) => JSON.parse(line) as ImportRecord);
  const valid = records.filter((record) => record.email !== '');
  await db.insert('contacts', valid);
  return valid.length;
}
