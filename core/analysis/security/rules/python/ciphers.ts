import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { type Call, callRule } from './call.ts'
import { lastName } from './names.ts'
import { isBelow, resolve, unencoded } from './values.ts'

const CIPHER_MODULE = /^Crypto(?:dome)?\.Cipher\.(\w+)\.new$/
const MODE = /^(?:modes|cryptography\.hazmat\.primitives\.ciphers\.modes)\.(\w+)$/
const ALGORITHM =
  /(?:^|\.)(?:algorithms|decrepit(?:\.\w+)*)\.(?:ARC4|TripleDES|Blowfish|IDEA|CAST5|SEED|RC2)$/
/** NIST SP 800-57 part 1, table 2: 112 bits of strength. */
const MIN_RSA_BITS = 2048

/** Ciphers and keys that do not protect (CWE-327, CWE-329, CWE-326). */
export const CIPHER_RULES: readonly Rule[] = [
  callRule({
    id: 'py-broken-cipher',
    title: 'DES, RC4 and their like can be broken: use AES-GCM or ChaCha20-Poly1305',
    cwe: ['CWE-327'],
    severity: 'high',
    names: 'new TripleDES ARC4 Blowfish IDEA CAST5 SEED RC2 des triple_des',
    needs: [['DES', 'ARC2', 'ARC4', 'RC2', 'Blowfish', 'IDEA', 'CAST', 'SEED', 'pyDes', 'XOR']],
    accept: ({ name }) =>
      /^(?:DES3?|ARC[24]|Blowfish|CAST|XOR)$/.test(CIPHER_MODULE.exec(name)?.[1] ?? '') ||
      ALGORITHM.test(name) ||
      /^pyDes\./.test(name),
  }),
  callRule({
    id: 'py-ecb-mode',
    title: 'ECB mode shows which parts of the text are alike: use GCM with a new nonce each time',
    cwe: ['CWE-327'],
    severity: 'high',
    names: 'new ECB',
    needs: ['ECB'],
    accept: ({ name, method, positional, keywords, source }) => {
      if (method === 'ECB') return MODE.test(name)
      const mode = positional[1] ?? keywords.get('mode')
      return CIPHER_MODULE.test(name) && mode !== undefined && lastName(resolve(mode, source)) === 'MODE_ECB'
    },
  }),
  callRule({
    id: 'py-static-iv',
    title:
      'The nonce or initialisation vector is always the same: make a new one of os.urandom for each message',
    cwe: ['CWE-329', 'CWE-1204', 'CWE-323'],
    severity: 'high',
    names: 'new CBC CFB CFB8 CTR OFB GCM encrypt',
    needs: [['Crypto', 'cryptography', 'AES', 'modes']],
    accept: usesStaticIv,
  }),
  callRule({
    id: 'py-short-key',
    title: 'The key is short enough to be broken: use RSA with 2048 bits at least, or P-256',
    cwe: ['CWE-326'],
    severity: 'high',
    names: 'generate_private_key generate generate_parameters SECP192R1 SECT163K1 SECT163R2 generate_key',
    needs: [['rsa', 'RSA', 'dsa', 'DSA', 'SECP192R1', 'SECT163', 'dh', 'OpenSSL', 'PKey']],
    accept: isShortKey,
  }),
]

function usesStaticIv({ name, method, positional, keywords, source }: Call): boolean {
  let iv: Node | undefined
  if (method === 'encrypt') {
    const [nonce] = positional
    return nonce !== undefined && positional.length >= 2 && isAead(name, source) && isStatic(nonce, source)
  }
  if (MODE.test(name)) iv = positional[0] ?? keywords.get('initialization_vector') ?? keywords.get('nonce')
  else if (CIPHER_MODULE.test(name)) {
    const mode = positional[1] === undefined ? '' : lastName(resolve(positional[1], source))
    iv = keywords.get('iv') ?? keywords.get('IV') ?? keywords.get('nonce')
    if (iv === undefined && /MODE_(?:CBC|CFB|OFB|OPENPGP)/.test(mode)) iv = positional[2]
  }
  return iv !== undefined && isStatic(iv, source)
}

function isAead(name: string, source: SourceView): boolean {
  if (/(?:AESGCM|ChaCha20Poly1305|AESCCM|AESOCB3|AESSIV)\(\)\.encrypt$/.test(name)) return true
  const receiver = name.replace(/\.encrypt$/, '')
  return source
    .valuesOf(receiver)
    .some((value) => /^(?:\w+\.)*(?:AESGCM|ChaCha20Poly1305|AESCCM|AESOCB3)\(/.test(value.text))
}

function isStatic(iv: Node, source: SourceView): boolean {
  return source.isConstant(unencoded(resolve(iv, source)))
}

function isShortKey({ node, name, method, positional, keywords, source }: Call): boolean {
  if (/^SEC[PT]1/.test(method)) return node.parent?.type === 'argument_list'
  const isGenerator = /(?:^|\.)(?:rsa|dsa|dh|RSA|DSA|ElGamal)\.generate(?:_private_key|_parameters)?$/.test(
    name,
  )
  if (method === 'generate_key') {
    const isPlain = /crypto\.TYPE_(?:RSA|DSA)|^TYPE_(?:RSA|DSA)/.test(positional[0]?.text ?? '')
    return isPlain && isBelow(positional[1], MIN_RSA_BITS, source)
  }
  if (!isGenerator) return false
  const isPyca = method !== 'generate'
  const size =
    keywords.get('key_size') ?? keywords.get('bits') ?? positional[isPyca && !name.includes('dsa') ? 1 : 0]
  return isBelow(size, MIN_RSA_BITS, source)
}
