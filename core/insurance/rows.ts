import type { insurancePolicies, insuranceState, insuranceTiers } from '../../schema/tables/index.ts'

export type PolicyRow = typeof insurancePolicies.$inferSelect
/** A policy without its place in the order of binding, which the database gives it. */
export type Policy = Omit<PolicyRow, 'position'>
export type InsuranceStateRow = typeof insuranceState.$inferSelect
export type InsuranceTierRow = typeof insuranceTiers.$inferSelect
