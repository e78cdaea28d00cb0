import { DEFAULTS } from '../insurance/defaults.ts'
import { blend, credibility, fitCredibility } from './credibility.ts'

/** Policies of one risk bucket and tier that were bound in one month. */
export interface FrequencyCell {
  readonly bucket: string
  readonly tier: string
  readonly period: string
  /** Terms that have run: a policy that is half over counts for half. */
  readonly exposure: number
  /** Claims that stand approved, each once for its policy and incident. */
  readonly claims: number
}

export interface BucketFrequency {
  readonly bucket: string
  readonly tier: string
  readonly exposure: number
  readonly claims: number
  /** Null with less than one whole term. */
  readonly observed: number | null
  /** 0 to 1. */
  readonly credibility: number
  /** q, in parts per billion. */
  readonly frequency: number
}

export interface FrequencyFit {
  /** Policies with which a bucket is believed by half; null when nothing tells the buckets apart: then all have the base rate. */
  readonly m: number | null
  readonly buckets: readonly BucketFrequency[]
}

const BASE = Number(DEFAULTS.baseFrequencyPpb) / 1e9
/** One whole term: a claim on the first day of a first policy is no frequency. */
const MIN_EXPOSURE = 1

/** q = (m · 2 % + x) / (m + n) for each risk bucket and tier, m by Bühlmann–Straub over the months of binding. */
export function fitFrequencies(
  cells: readonly FrequencyCell[],
  buckets: readonly { readonly bucket: string; readonly tier: string }[],
): FrequencyFit {
  const own = buckets.map(({ bucket, tier }) =>
    cells.filter((cell) => cell.bucket === bucket && cell.tier === tier && cell.exposure > 0),
  )
  const { m } = fitCredibility(
    own.map((months) =>
      months
        .filter(({ exposure }) => exposure >= MIN_EXPOSURE)
        .map(({ exposure, claims }) => ({ weight: exposure, value: claims / exposure })),
    ),
  )
  return { m, buckets: buckets.map((of, index) => fitBucket(of, own[index]!, m)) }
}

function fitBucket(
  { bucket, tier }: { readonly bucket: string; readonly tier: string },
  months: readonly FrequencyCell[],
  m: number | null,
): BucketFrequency {
  const exposure = months.reduce((total, month) => total + month.exposure, 0)
  const claims = months.reduce((total, month) => total + month.claims, 0)
  const observed = exposure >= MIN_EXPOSURE ? claims / exposure : null
  const believed = observed === null ? null : m
  return {
    bucket,
    tier,
    exposure,
    claims,
    observed,
    credibility: credibility(exposure, believed),
    frequency: Math.round(blend(BASE, observed ?? BASE, exposure, believed) * 1e9),
  }
}
