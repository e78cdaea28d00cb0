export async function claimJob(path: string, worker: string): Promise<boolean> {
  if (fs.existsSync(path)) {
    return false;
  }
  await fs.promises.writeFile(path, worker);
  return true;
}
