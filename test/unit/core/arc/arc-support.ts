import {
  type RecordArcRequest,
  type RecordedArc,
  recordArcRequestSchema,
  recordedArcSchema,
} from '../../../../schema/wire/arc.ts'
import { incident as incidentBody } from '../../../support/arc.ts'

export { ROOT_CAUSE } from '../../../support/arc.ts'

/** An incident, as the wire would have parsed it. */
export function incident(more: Record<string, unknown> = {}): RecordArcRequest {
  return recordArcRequestSchema.parse({ ...incidentBody(), ...more })
}

export const readRecorded = (body: string): RecordedArc => recordedArcSchema.parse(JSON.parse(body))
