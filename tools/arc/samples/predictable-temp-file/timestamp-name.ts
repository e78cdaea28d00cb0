export async function convertUpload(buffer: Buffer): Promise<Buffer> {
  const input = path.join(os.tmpdir(), `upload-${Date.now()}.png`);
  const output = path.join(os.tmpdir(), `upload-${Date.now()}.webp`);
  fs.writeFileSync(input, buffer);
  try {
    await execFileAsync('cwebp', [input, '-o', output]);
    return fs.readFileSync(output);
  } finally {
    fs.unlinkSync(input);
    fs.unlinkSync(output);
  }
}
