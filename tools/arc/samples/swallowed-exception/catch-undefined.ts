export async function getConfig(name: string): Promise<Config | null> {
  try {
    const raw = await readFile(name, 'utf8');
    return JSON.parse(raw);
  } catch (e) {
    return null;
  }
}
