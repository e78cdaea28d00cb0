import type { Rule } from '../../rule.ts'
import { argumentAt, calledOn } from '../go-java/nodes.ts'
import { rule } from '../go-java/rule.ts'
import { visibleValues } from '../go-java/scope.ts'
import {
  created,
  createdType,
  isStaticBytes,
  isStaticCall,
  literalText,
  methodsNamed,
  numberOf,
} from './nodes.ts'

/** Encryption that does not protect (CWE-327, CWE-329, CWE-326). */
export const CIPHER_RULES: readonly Rule[] = [
  rule({
    id: 'java-weak-cipher',
    title: 'DES, RC4, RC2 or Blowfish can be broken: encrypt with AES/GCM/NoPadding',
    cwe: ['CWE-327'],
    severity: 'high',
    needs: [
      [
        'DES',
        'RC4',
        'RC2',
        'ARCFOUR',
        'Blowfish',
        'BLOWFISH',
        'NullCipher',
        'des',
        'rc4',
        'blowfish',
        'IDEA',
      ],
    ],
    on: [methodsNamed('getInstance'), created('NullCipher', 'DESKeySpec')],
    accept: ({ finding: found, source }) => {
      if (found.type === 'object_creation_expression') return createdType(found) === 'NullCipher'
      if (!isStaticCall(found, 'Cipher') && !isStaticCall(found, 'KeyGenerator')) return false
      return /^(?:DES|DESede|3DES|TripleDES|RC2|RC4|ARCFOUR|Blowfish|IDEA|PBEWith\w*DES\w*|PBEWithMD5And\w+)(?:\/|$)/i.test(
        literalText(argumentAt(found, 0), source) ?? '',
      )
    },
  }),
  rule({
    id: 'java-ecb-mode',
    title:
      'Each block is encrypted by itself (ECB), which shows where the text repeats: use AES/GCM/NoPadding',
    cwe: ['CWE-327'],
    severity: 'high',
    needs: ['Cipher', ['ECB', 'ecb', 'AES']],
    on: [methodsNamed('getInstance')],
    accept: ({ finding: call, source }) => {
      // `AES` alone is AES/ECB/PKCS5Padding. What RSA calls ECB is none.
      return (
        isStaticCall(call, 'Cipher') &&
        /^(?:AES|AES(?:_\d+)?\/ECB\/.*|(?:ARIA|Camellia|Twofish)\/ECB\/.*)$/i.test(
          literalText(argumentAt(call, 0), source) ?? '',
        )
      )
    },
  }),
  rule({
    id: 'java-static-nonce',
    title:
      'The same nonce or initialisation vector is used each time: fill it from SecureRandom for each message',
    cwe: ['CWE-329', 'CWE-1204'],
    severity: 'high',
    needs: [['IvParameterSpec', 'GCMParameterSpec']],
    on: [created('IvParameterSpec', 'GCMParameterSpec')],
    accept: ({ finding: found, source }) => {
      const nonce = argumentAt(found, createdType(found) === 'IvParameterSpec' ? 0 : 1)
      return (
        isStaticBytes(nonce, source) ||
        /^\w*[kK]ey\w*(?:\.getBytes\(.*\)|\.getEncoded\(\))$/.test(nonce?.text.slice(0, 120) ?? '')
      )
    },
  }),
  rule({
    id: 'java-short-rsa-key',
    title: 'An RSA, DSA or DH key of less than 2,048 bits can be broken: make one of 3,072',
    cwe: ['CWE-326'],
    severity: 'high',
    needs: [['KeyPairGenerator', 'RSAKeyGenParameterSpec']],
    on: [methodsNamed('initialize'), created('RSAKeyGenParameterSpec')],
    accept: ({ finding: found, source }) => {
      const bits = numberOf(argumentAt(found, 0), source)
      if (bits === null || bits >= 2_048) return false
      if (found.type === 'object_creation_expression') return true
      const generator = calledOn(found)
      if (generator === null) return false
      const made = generator.type === 'identifier' ? visibleValues(generator, source) : [generator]
      return made.some((value) => {
        const algorithm =
          value.type === 'method_invocation' ? literalText(argumentAt(value, 0), source) : null
        return /^(?:RSA|DSA|DH|DiffieHellman|ElGamal|RSASSA-PSS)$/i.test(algorithm ?? '')
      })
    },
  }),
  rule({
    id: 'java-predictable-seed',
    title: 'SecureRandom is given a seed that others can know: let it seed itself',
    cwe: ['CWE-335', 'CWE-337'],
    severity: 'high',
    needs: ['SecureRandom'],
    on: [created('SecureRandom'), methodsNamed('setSeed')],
    accept: ({ finding: found, source }) => {
      const seed = argumentAt(found, 0)
      if (seed === null) return false
      if (found.type === 'method_invocation') {
        const name = calledOn(found)
        const values = name?.type === 'identifier' ? visibleValues(name, source) : []
        if (!values.some(({ text }) => /SecureRandom/.test(text.slice(0, 200)))) return false
      }
      return (
        numberOf(seed, source) !== null ||
        isStaticBytes(seed, source) ||
        /currentTimeMillis|nanoTime|new Date\(/.test(seed.text.slice(0, 200))
      )
    },
  }),
]
