import type { Commit, Project } from '../../../../tools/risk-model/dataset.ts'

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function makeRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A project whose bugs follow a logistic law of log1p(la) and fix, and of nothing else. */
export function makeProject(
  name: string,
  commits: number,
  law: { readonly intercept: number; readonly la: number; readonly fix: number },
  seed = 1,
): Project {
  const random = makeRandom(seed)
  return {
    name,
    commits: Array.from({ length: commits }, (_, index): Commit => {
      const features = {
        la: Math.floor(Math.exp(random() * 6)),
        ld: Math.floor(Math.exp(random() * 5)),
        nf: 1 + Math.floor(random() * 9),
        nd: 1 + Math.floor(random() * 5),
        ns: 1 + Math.floor(random() * 3),
        entropy: random() * 3,
        fix: random() < 0.3 ? 1 : 0,
      }
      const linear = law.intercept + law.la * Math.log1p(features.la) + law.fix * features.fix
      return { date: index, bug: random() < 1 / (1 + Math.exp(-linear)), features }
    }),
  }
}
