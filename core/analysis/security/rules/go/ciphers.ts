import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import { argumentAt, argumentsOf, calledName } from '../go-java/nodes.ts'
import { rule } from '../go-java/rule.ts'
import { declarationAround, textOf } from '../go-java/scope.ts'
import { isStaticBytes, numberOf } from './bytes.ts'
import { callsNamed, importsPackage, isCallOf } from './nodes.ts'

/** Encryption that does not protect (CWE-327, CWE-329, CWE-326). */
export const CIPHER_RULES: readonly Rule[] = [
  rule({
    id: 'go-weak-cipher',
    title: 'DES, RC4 or Blowfish can be broken: encrypt with AES-GCM',
    cwe: ['CWE-327'],
    severity: 'high',
    needs: [['crypto/des', 'crypto/rc4', 'des.', 'rc4.', 'blowfish', 'cast5', 'tea.', 'rc2']],
    on: [callsNamed('NewCipher', 'NewTripleDESCipher', 'NewSaltedCipher')],
    accept: ({ finding, source }) =>
      isCallOf(
        finding,
        source,
        ...[
          'crypto/des',
          'crypto/rc4',
          'golang.org/x/crypto/blowfish',
          'golang.org/x/crypto/cast5',
          'golang.org/x/crypto/tea',
        ],
      ),
  }),
  rule({
    id: 'go-block-by-block-encryption',
    title: 'Each block is encrypted by itself (ECB), which shows where the text repeats: use cipher.NewGCM',
    cwe: ['CWE-327'],
    severity: 'high',
    needs: [['aes.', 'crypto/aes', 'des.'], '.Encrypt('],
    on: [callsNamed('Encrypt')],
    accept: ({ finding: call, source }) => {
      if (call.parent?.parent?.parent?.parent?.type !== 'for_statement') return false
      if (!importsPackage(source, /^crypto\/(?:aes|des)$/)) return false
      const within = textOf(declarationAround(call, source), source)
      // A mode that is written by hand mixes the blocks with something.
      return argumentsOf(call).length === 2 && !/\^|xor|XOR|counter|Counter|NewCTR|NewGCM/.test(within)
    },
  }),
  rule({
    id: 'go-static-nonce',
    title:
      'The same nonce or initialisation vector is used each time: fill it from crypto/rand for each message',
    cwe: ['CWE-329', 'CWE-1204'],
    severity: 'high',
    needs: [['NewCBCEncrypter', 'NewCTR', 'NewCFBEncrypter', 'NewOFB', '.Seal(', 'NewUnauthenticatedCipher']],
    on: [
      callsNamed(
        'NewCBCEncrypter',
        'NewCTR',
        'NewCFBEncrypter',
        'NewOFB',
        'Seal',
        'NewUnauthenticatedCipher',
      ),
    ],
    accept: ({ finding: call, source }) => {
      const isBox = isCallOf(
        call,
        source,
        'golang.org/x/crypto/nacl/secretbox',
        'golang.org/x/crypto/nacl/box',
      )
      if (calledName(call) === 'Seal' && argumentsOf(call).length < 4) return false
      const nonce = argumentAt(call, isBox ? 2 : 1)
      if (nonce === null) return false
      return isStaticBytes(nonce, source) || isPartOfKey(nonce)
    },
  }),
  rule({
    id: 'go-short-rsa-key',
    title: 'An RSA key of less than 2,048 bits can be broken: make one of 3,072',
    cwe: ['CWE-326'],
    severity: 'high',
    needs: ['rsa', ['GenerateKey', 'GenerateMultiPrimeKey']],
    on: [callsNamed('GenerateKey', 'GenerateMultiPrimeKey')],
    accept: ({ finding: call, source }) => {
      const bits = numberOf(argumentsOf(call).at(-1) ?? null, source)
      return isCallOf(call, source, 'crypto/rsa') && bits !== null && bits < 2_048
    },
  }),
]

/** `key[:aes.BlockSize]`. */
function isPartOfKey(nonce: Node): boolean {
  return nonce.type === 'slice_expression' && /key$/i.test(nonce.childForFieldName('operand')?.text ?? '')
}
