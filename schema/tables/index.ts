export * from './certificates.ts'
export * from './keys.ts'
export * from './organisations.ts'
export * from './publication.ts'
