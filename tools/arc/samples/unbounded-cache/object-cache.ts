const cache: Record<string, Result> = {};

export async function compute(input: string): Promise<Result> {
  if (!cache[input]) {
    cache[input] = await expensive(input);
  }
  return cache[input];
}
