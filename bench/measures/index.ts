import type { Environment } from '../environment.ts'
import { analysisMeasures } from './analysis.ts'
import { bundleMeasures } from './bundle.ts'
import { claimMeasures } from './claims.ts'
import { edgeMeasures } from './edge.ts'
import { insuranceMeasures } from './insurance.ts'
import { issueMeasures } from './issue.ts'
import { ledgerMeasures } from './ledger.ts'
import { logMeasures } from './log.ts'
import type { Measure } from './measure.ts'
import { offlineMeasures } from './offline.ts'
import { revocationMeasures } from './revocation.ts'
import { scaleMeasures } from './scale.ts'

/** All measures, in the order in which they run. `bench/README.md` says what each means. */
export function allMeasures(environment: Environment): Measure[] {
  return [
    bundleMeasures,
    analysisMeasures,
    edgeMeasures,
    issueMeasures,
    revocationMeasures,
    claimMeasures,
    insuranceMeasures,
    ledgerMeasures,
    logMeasures,
    offlineMeasures,
    scaleMeasures,
  ].flatMap((measures) => measures(environment))
}
