import { isRecord, isTime } from './reading.ts'
import type { TrustRoot, TrustRootKey, TrustRootLog } from './trust-root.ts'
import { trustedLog } from './trusted-log.ts'

/** A verifier refuses a trust root with any other: it could not know what that state takes away. */
const KEY_STATES = ['pending', 'active', 'retired', 'compromised'] as const

export type KeyState = (typeof KEY_STATES)[number]

/** Strict in what is known, and open to members that are not. */
export function isTrustRoot(value: unknown): value is TrustRoot {
  return (
    isRecord(value) &&
    value.type === 'coderisk-trust-root' &&
    Number.isSafeInteger(value.version) &&
    isTime(value.issued_at) &&
    isTime(value.expires_at) &&
    Array.isArray(value.keys) &&
    value.keys.every(isTrustRootKey) &&
    isTexts(value.status_lists) &&
    (value.log === undefined || isReadableLog(value.log)) &&
    (value.agent_ca_certificates === undefined || isPemCertificates(value.agent_ca_certificates))
  )
}

/** What is read here is remembered, so that it need not be read again for each certificate. */
function isReadableLog(log: unknown): boolean {
  return isRecord(log) && trustedLog({ log: log as unknown as TrustRootLog }) !== null
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function isPemCertificates(value: unknown): boolean {
  return isTexts(value) && value.every((item) => PEM_CERTIFICATE.test(item))
}

const PEM_CERTIFICATE = /^-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+\n-----END CERTIFICATE-----\n?$/

function isTrustRootKey(value: unknown): value is TrustRootKey {
  return (
    isRecord(value) &&
    isKid(value.kid) &&
    value.algorithm === 'RS256' &&
    KEY_STATES.some((state) => state === value.state) &&
    isTime(value.valid_from) &&
    (value.valid_to === null || isTime(value.valid_to)) &&
    (value.compromised_log_index === undefined || isCompromiseIndex(value)) &&
    isRecord(value.jwk) &&
    typeof value.jwk.n === 'string' &&
    typeof value.jwk.e === 'string'
  )
}

function isCompromiseIndex({ state, compromised_log_index }: Record<string, unknown>): boolean {
  return (
    state === 'compromised' &&
    Number.isSafeInteger(compromised_log_index) &&
    Number(compromised_log_index) >= 0
  )
}

/** `key-YYYYMM-` and the first eight hex digits of the RFC 7638 thumbprint. */
export function isKid(value: unknown): value is string {
  return typeof value === 'string' && /^key-\d{6}-[0-9a-f]{8}$/.test(value)
}
