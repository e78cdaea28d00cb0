import fc from 'fast-check'

/**
 * Property tests draw the same cases on every run, so that a change fails for what it changed. `PROPERTY_SEED=random`
 * draws new ones (the failure prints its seed), `PROPERTY_SEED=<integer>` draws those again.
 */
const DEFAULT_SEED = 20_261_121

const chosen = process.env.PROPERTY_SEED
if (chosen !== 'random')
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(chosen ?? DEFAULT_SEED) })
