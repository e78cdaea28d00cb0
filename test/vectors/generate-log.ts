/**
 * Writes the vectors of the transparency log that every SDK of this network must satisfy: `node test/vectors/generate-log.ts`.
 * They are the same in each run. What is expected follows here from the specifications of C2SP and RFC 6962, word for word, and is
 * not taken from the code that is tested. Bytes are in hex; `null` is what a parser refuses.
 */
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'

const ORIGIN = 'log.example/trust'
const TREE_SIZE = 1000
const TIME = 1_795_229_303

const sha256 = (...parts: Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const base64 = (...parts: Uint8Array[]): string => Buffer.concat(parts).toString('base64')

// RFC 6962 §2.1

const leafHash = (entry: Uint8Array): Buffer => sha256(Buffer.from([0]), entry)
const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => sha256(Buffer.from([1]), left, right)
const entries = Array.from({ length: TREE_SIZE }, (_, i) => Buffer.from(`entry ${i}`))
const leaves = entries.map(leafHash)

function mth(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha256()
  if (leaves.length === 1) return leaves[0]!
  const k = split(leaves.length)
  return nodeHash(mth(leaves.slice(0, k)), mth(leaves.slice(k)))
}

function auditPath(m: number, leaves: readonly Buffer[]): Buffer[] {
  if (leaves.length === 1) return []
  const k = split(leaves.length)
  return m < k
    ? [...auditPath(m, leaves.slice(0, k)), mth(leaves.slice(k))]
    : [...auditPath(m - k, leaves.slice(k)), mth(leaves.slice(0, k))]
}

function subproof(m: number, leaves: readonly Buffer[], known: boolean): Buffer[] {
  if (m === leaves.length) return known ? [] : [mth(leaves)]
  const k = split(leaves.length)
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), known), mth(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), mth(leaves.slice(0, k))]
}

/** The largest power of two smaller than n. */
function split(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

// c2sp.org/signed-note, c2sp.org/tlog-cosignature

type Key = ReturnType<typeof makeKey>

function makeKey(name: string, seed: number, type = 0x01) {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, seed)])
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const publicKey = Buffer.from(createPublicKey(privateKey).export({ format: 'jwk' }).x!, 'base64url')
  const id = keyId(name, type, publicKey)
  const vkey = `${name}+${hex(id)}+${base64(Buffer.from([type]), publicKey)}`
  return { name, id, type, publicKey, vkey, sign: (message: string): Buffer => sign(null, Buffer.from(message), privateKey) }
}

const keyId = (name: string, type: number, publicKey: Buffer): Buffer =>
  sha256(Buffer.from(`${name}\n`), Buffer.from([type]), publicKey).subarray(0, 4)
const line = (key: Key, signature: Buffer): string => `— ${key.name} ${base64(key.id, signature)}\n`
const signedBy = (key: Key, text: string): string => line(key, key.sign(text))
const note = (text: string, ...lines: string[]): string => `${text}\n${lines.join('')}`

function cosignedBy(key: Key, text: string, time: number | bigint = TIME): string {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(time))
  return line(key, Buffer.concat([bytes, key.sign(`cosignature/v1\ntime ${time}\n${text}`)]))
}

const LOG = makeKey(ORIGIN, 1)
const OTHER = makeKey('log.example/other', 2)
const IMPOSTOR = makeKey(ORIGIN, 3)
const W1 = makeKey('witness.example/w1', 4, 0x04)
const W2 = makeKey('witness.example/w2', 5, 0x04)
const W3 = makeKey('witness.example/w3', 6, 0x04)

const ROOT = mth(leaves).toString('base64')
const CHECKPOINT = `${ORIGIN}\n${TREE_SIZE}\n${ROOT}\n`

function keyVectors() {
  const good = [LOG, OTHER, W1, makeKey('größe.example/🌳', 7)]
  const [name, id, key] = ['example.com/foo', '530d903a', 'AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k']
  const ecdsa = Buffer.alloc(32)
  const bad: [name: string, vkey: string][] = [
    ['empty', ''],
    ['no key', `${name}+${id}`],
    ['no name', `+${id}+${key}`],
    ['another id', `${name}+530d903b+${key}`],
    ['an id in upper case', `${name}+530D903A+${key}`],
    ['a space in the name', makeKey('a b', 1).vkey],
    ['a no-break space in the name', makeKey('a\u00a0b', 1).vkey],
    ['a plus in the name', makeKey('a+b', 1).vkey],
    ['a tab in the name', makeKey('a\tb', 1).vkey],
    ['a newline at the end', `${LOG.vkey}\n`],
    ['a key of 31 bytes', `a+${hex(keyId('a', 1, Buffer.alloc(31)))}+${base64(Buffer.from([1]), Buffer.alloc(31))}`],
    ['of type 0x02', `a+${hex(keyId('a', 2, ecdsa))}+${base64(Buffer.from([2]), ecdsa)}`],
  ]
  return [
    { name: 'the example of golang.org/x/mod/sumdb/note', vkey: `${name}+${id}+${key}`, key: { name, id, type: 1, public_key: hex(Buffer.from(key!, 'base64').subarray(1)) } },
    ...good.map(({ vkey, name, id, type, publicKey }) => ({ name, vkey, key: { name, id: hex(id), type, public_key: hex(publicKey) } })),
    ...bad.map(([name, vkey]) => ({ name, vkey, key: null })),
  ]
}

/** `text` is null where the note is malformed; `holds` is what verifying it with `vkey` gives. */
function noteVectors() {
  const text = 'If you think cryptography is the answer to your problem,\nthen you don’t know what your problem is.\n'
  const blank = `first\n\n${text}`
  const right = signedBy(LOG, text)
  const wrong = line(LOG, LOG.sign(`${text} `))
  const rows: [name: string, note: string, text: string | null, holds: boolean, vkey?: string][] = [
    ['the example of golang.org/x/mod/sumdb/note', note('This is an example message.\n', '— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n'), 'This is an example message.\n', true, 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    ['one signature', note(text, right), text, true],
    ['a blank line in the text', note(blank, signedBy(LOG, blank)), blank, true],
    ['another has signed too', note(text, signedBy(OTHER, text), right), text, true],
    ['only another has signed', note(text, signedBy(OTHER, text)), text, false],
    ['another key under the same name', note(text, signedBy(IMPOSTOR, text)), text, false],
    ['another key under the same name and id', note(text, line(LOG, IMPOSTOR.sign(text))), text, false],
    ['another text was signed', note(text, wrong), text, false],
    ['the first signature of the key does not hold', note(text, wrong, right), text, false],
    ['the second signature of the key does not hold', note(text, right, wrong), text, true],
    ['a signature of an unknown kind', note(text, '— x.example AAAAAAA=\n', right), text, true],
    ['100 signatures', note(text, ...new Array(99).fill(signedBy(OTHER, text)), right), text, true],
    ['101 signatures', note(text, ...new Array(100).fill(signedBy(OTHER, text)), right), null, false],
    ['no signature', note(text), null, false],
    ['no blank line', text + right, null, false],
    ['no newline at the end', note(text, right.slice(0, -1)), null, false],
    ['a hyphen for the dash', note(text, right.replace('—', '-')), null, false],
    ['two spaces', note(text, right.replace('— ', '—  ')), null, false],
    ['base64 without padding', note(text, right.replace('=', '')), null, false],
    ['base64 with spare bits', note(text, right, '— x.example AAAAAAB=\n'), null, false],
    ['an id without a signature', note(text, right, '— x.example AAAAAA==\n'), null, false],
    ['a plus in a name', note(text, right, '— x+y AAAAAAA=\n'), null, false],
    ['an ideographic space in a name', note(text, right, '— x\u3000y AAAAAAA=\n'), null, false],
    ['a tab in the text', note(`\t${text}`, signedBy(LOG, `\t${text}`)), null, false],
    ['a carriage return', note(text, right.replace('\n', '\r\n')), null, false],
  ]
  return rows.map(([name, note, text, holds, vkey = LOG.vkey]) => ({ name, note, vkey, text, holds }))
}

/** `checkpoint` is null where the note does not open with `vkey`. */
function checkpointVectors() {
  const text = (size: string, root = ROOT, origin = ORIGIN) => `${origin}\n${size}\n${root}\n`
  const empty = sha256().toString('base64')
  const rows: [name: string, text: string, opens: boolean, signer?: Key][] = [
    ['of a tree', CHECKPOINT, true],
    ['of the empty tree', text('0', empty), true],
    ['of the largest size', text('9007199254740991'), true],
    ['of a size that is no double', text('9007199254740992'), false],
    ['of a size of 64 bits', text('18446744073709551615'), false],
    ['a leading zero', text('01000'), false],
    ['a size below zero', text('-1'), false],
    ['a root too short', text('1000', ROOT.slice(4)), false],
    ['a root with spare bits', text('1000', `${ROOT.slice(0, -2)}${String.fromCharCode(ROOT.charCodeAt(42) + 1)}=`), false],
    ['an extension line', `${CHECKPOINT}extension\n`, false],
    ['of another origin', text('1000', ROOT, 'log.example/other'), false],
    ['by another key of that name', CHECKPOINT, false, IMPOSTOR],
  ]
  return rows.map(([name, text, opens, signer = LOG]) => {
    const [origin, size, root = ''] = text.split('\n')
    const checkpoint = opens ? { origin, size: Number(size), root: hex(Buffer.from(root, 'base64')) } : null
    return { name, note: note(text, signedBy(signer, text)), vkey: LOG.vkey, checkpoint }
  })
}

/** `time` is null where `note` has no cosignature of `vkey` that holds. */
function cosignatureVectors() {
  const own = signedBy(LOG, CHECKPOINT)
  const rows: [name: string, lines: string[], time: number | null][] = [
    ['of one witness', [own, cosignedBy(W1, CHECKPOINT)], TIME],
    ['of two witnesses', [own, cosignedBy(W2, CHECKPOINT, 1), cosignedBy(W1, CHECKPOINT)], TIME],
    ['of a time beyond 32 bits', [own, cosignedBy(W1, CHECKPOINT, 2 ** 40)], 2 ** 40],
    ['of another witness', [own, cosignedBy(W2, CHECKPOINT)], null],
    ['of another text', [own, cosignedBy(W1, CHECKPOINT.replace('1000', '1001'))], null],
    ['of another time', [own, line(W1, Buffer.concat([Buffer.alloc(8), W1.sign(`cosignature/v1\ntime 1\n${CHECKPOINT}`)]))], null],
    ['a signature over the text alone', [own, line(W1, Buffer.concat([Buffer.alloc(8), W1.sign(CHECKPOINT)]))], null],
    ['an Ed25519 signature', [own, line(W1, W1.sign(CHECKPOINT))], null],
    ['the first of two does not hold', [own, cosignedBy(W1, 'x\n'), cosignedBy(W1, CHECKPOINT)], null],
    ['of a time that is no double', [own, cosignedBy(W1, CHECKPOINT, 2n ** 53n)], null],
  ]
  return rows.map(([name, lines, time]) => ({ name, note: note(CHECKPOINT, ...lines), vkey: W1.vkey, time }))
}

function inclusionVectors() {
  const rows: [name: string, index: number, size: number, valid: boolean, change: object][] = []
  for (const [index, size] of [[0, 1], [0, 2], [1, 2], [2, 3], [5, 7], [6, 7], [7, 8], [0, 255], [255, 256], [256, 257], [3, 300], [299, 300], [511, 1000], [999, 1000]] as const) {
    rows.push([`leaf ${index} of ${size}`, index, size, true, {}])
  }
  const hashes = auditPath(5, leaves.slice(0, 7)).map(hex)
  const changes: [name: string, change: object][] = [
    ['another index', { index: 4 }],
    ['an index outside', { index: 7 }],
    ['another size', { size: 6 }],
    ['another leaf', { leaf_hash: hex(leaves[4]!) }],
    ['another root', { root: hex(mth(leaves.slice(0, 8))) }],
    ['another sibling', { hashes: hashes.with(1, hex(leaves[0]!)) }],
    ['siblings in another order', { hashes: hashes.toReversed() }],
    ['a hash less', { hashes: hashes.slice(0, -1) }],
    ['a hash more', { hashes: [...hashes, hashes[0]] }],
    ['a short hash', { hashes: hashes.with(0, hashes[0]!.slice(2)) }],
    ['of the empty tree', { index: 0, size: 0, hashes: [] }],
  ]
  for (const [name, change] of changes) rows.push([name, 5, 7, false, change])
  const vectors = rows.map(([name, index, size, valid, change]) => {
    const tree = leaves.slice(0, size)
    return { name, leaf_hash: hex(leaves[index]!), index, size, hashes: auditPath(index, tree).map(hex), root: hex(mth(tree)), valid, ...change }
  })
  return [...vectors, largeInclusion()]
}

/** 2^40 leaves that are alike, and one more: the index needs more than 32 bits. */
function largeInclusion() {
  const [alike, last] = [leafHash(Buffer.alloc(0)), leaves[0]!]
  const hashes: Buffer[] = []
  let hash = alike
  for (let height = 0; height < 40; height++) {
    hashes.push(hash)
    hash = nodeHash(hash, hash)
  }
  const shared = { size: 2 ** 40 + 1, root: hex(nodeHash(hash, last)), valid: true }
  return { name: 'leaf 549,755,826,232 of 2^40 + 1', leaf_hash: hex(alike), index: 2 ** 39 + 12_344, hashes: [...hashes, last].map(hex), ...shared }
}

function consistencyVectors() {
  const rows: [name: string, from: number, to: number, valid: boolean, change: object][] = []
  for (const [from, to] of [[0, 0], [0, 7], [1, 1], [1, 2], [3, 7], [4, 7], [6, 7], [7, 7], [8, 9], [255, 257], [256, 257], [256, 300], [300, 1000], [512, 1000], [999, 1000]] as const) {
    rows.push([`${from} to ${to}`, from, to, true, {}])
  }
  const hashes = subproof(3, leaves.slice(0, 7), true).map(hex)
  const other = hex(mth(leaves.slice(0, 8)))
  const changes: [name: string, change: object][] = [
    ['another size before', { from: 2 }],
    ['another size after', { to: 9 }],
    ['sizes in another order', { from: 7, to: 3 }],
    ['another root before', { from_root: other }],
    ['another root after', { to_root: other }],
    ['another hash', { hashes: hashes.with(1, other) }],
    ['a hash less', { hashes: hashes.slice(0, -1) }],
    ['a hash more', { hashes: [...hashes, other] }],
    ['no hashes', { hashes: [] }],
    ['of one size, with another root', { to: 3, hashes: [] }],
    ['from the empty tree, with a hash', { from: 0, from_root: hex(sha256()) }],
    ['from the empty tree, with another root', { from: 0, hashes: [] }],
  ]
  for (const [name, change] of changes) rows.push([name, 3, 7, false, change])
  return rows.map(([name, from, to, valid, change]) => ({
    name,
    from,
    to,
    from_root: hex(mth(leaves.slice(0, from))),
    to_root: hex(mth(leaves.slice(0, to))),
    hashes: from === 0 ? [] : subproof(from, leaves.slice(0, to), true).map(hex),
    valid,
    ...change,
  }))
}

/** `object` is null where there is no such path; `tiles` are the ones of a tree of `size` leaves. */
function tileVectors() {
  const tile = (level: number, index: number, width = 256) => ({ kind: 'tile', level, index, width })
  const paths: [path: string, object: object][] = [
    ['tile/0/000', tile(0, 0)],
    ['tile/0/001.p/1', tile(0, 1, 1)],
    ['tile/1/999.p/255', tile(1, 999, 255)],
    ['tile/0/x001/000', tile(0, 1000)],
    ['tile/0/x001/x234/067', tile(0, 1_234_067)],
    ['tile/0/x001/x234/067.p/112', tile(0, 1_234_067, 112)],
    ['tile/63/x009/x007/x199/x254/x740/991', tile(63, Number.MAX_SAFE_INTEGER)],
    ['tile/entries/000', { kind: 'entries', index: 0, width: 256 }],
    ['tile/entries/x001/x234/067.p/8', { kind: 'entries', index: 1_234_067, width: 8 }],
  ]
  const none = ['', 'tile/0/0', 'tile/0/0000', 'tile/0/x000/001', 'tile/0/001/000', 'tile/0/x001', 'tile/00/000', 'tile/64/000', 'tile/-1/000', 'tile/0/000.p/0', 'tile/0/000.p/01', 'tile/0/000.p/256', 'tile/0/000.p', 'tile/0/000/', '/tile/0/000', 'tile/0/000\n', 'tile/data/000', 'tile/0/x009/x007/x199/x254/x740/992', 'tile/0/٠٠٠']
  const width = (count: number, index: number) => Math.min(256, count - 256 * index)
  const trees = [0, 1, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 70_000].map((size) => {
    const rows = [0, 1, 2].map((level) => Math.floor(size / 256 ** level))
    const partial = rows.map((count, level) => [level, Math.floor(count / 256), count % 256]).filter(([, , width]) => width! > 0)
    return { size, full: rows.map((count) => Math.floor(count / 256)), partial: partial.map(([level, index, width]) => tile(level!, index!, width)) }
  })
  const contents = [[0, 0, 300], [0, 1, 300], [1, 0, 300], [1, 0, 1000], [0, 3, 1000]].map(([level, index, size]) => {
    const span = 256 ** level!
    const hashes = Array.from({ length: width(Math.floor(size! / span), index!) }, (_, i) => mth(leaves.slice((256 * index! + i) * span, (256 * index! + i + 1) * span)))
    return { ...tile(level!, index!, hashes.length), size, sha256_of_tile: hex(sha256(...hashes)) }
  })
  return { paths: [...paths.map(([path, object]) => ({ path, object })), ...none.map((path) => ({ path, object: null }))], trees, contents }
}

/** The bundle of entries; `entries` is null where it is none. */
function entryVectors() {
  const rows: [name: string, bundle: string, entries: string[] | null][] = [
    ['three', '0003616263000000026465', ['616263', '', '6465']],
    ['one that is long', `0102${'61'.repeat(258)}`, ['61'.repeat(258)]],
    ['256', '0000'.repeat(256), new Array(256).fill('')],
    ['257', '0000'.repeat(257), null],
    ['nothing', '', null],
    ['half a length', '00', null],
    ['too short', '000361', null],
    ['a byte more', '00016100', null],
  ]
  return rows.map(([name, bundle, entries]) => ({ name, bundle, entries }))
}

/** `quorum` has, for sets of witnesses, whether they are enough; `line` is the one with the fault. */
function policyVectors() {
  const witnesses = [W1, W2, W3].map((key, i) => `witness W${i + 1} ${key.vkey} https://w${i + 1}.example/\n`).join('')
  const log = `log ${LOG.vkey} https://log.example/\n`
  const all = ['W1', 'W2', 'W3']
  const good: [name: string, text: string, quorum: [string[], boolean][]][] = [
    ['no witnesses', `${log}quorum none\n`, [[[], true]]],
    ['one witness', `${log}${witnesses}quorum W2\n`, [[[], false], [['W1', 'W3'], false], [['W2'], true]]],
    ['two of three', `${log}${witnesses}group two 2 W1 W2 W3\nquorum two\n`, [[['W1'], false], [['W1', 'W3'], true], [all, true], [['two'], false]]],
    ['any', `${witnesses}group some any W1 W2 W3\nquorum some\n`, [[[], false], [['W3'], true]]],
    ['all', `${witnesses}group each all W1 W2 W3\nquorum each\n`, [[['W1', 'W2'], false], [all, true]]],
    ['groups of groups', `${witnesses}group a any W1 W2\ngroup b all a W3\nquorum b\n`, [[['W1', 'W2'], false], [['W3'], false], [['W2', 'W3'], true]]],
    ['comments and white space', `# one\n\n \t# two\n\t${log}${witnesses} quorum\t W1 \n`, [[['W1'], true]]],
  ]
  const bad: [name: string, text: string, line: number][] = [
    ['no quorum', `${log}${witnesses}`, 5],
    ['two quorums', 'quorum none\nquorum none\n', 2],
    ['a quorum before its witness', `quorum W1\n${witnesses}`, 1],
    ['a name twice', `${witnesses}group W1 any W2\nquorum W1\n`, 4],
    ['the name none', `witness none ${W1.vkey}\nquorum none\n`, 1],
    ['a key twice', `${witnesses}witness W4 ${W1.vkey}\nquorum none\n`, 4],
    ['a key twice under another name', `${witnesses}witness W4 ${makeKey('other.example', 4, 0x04).vkey}\nquorum none\n`, 4],
    ['a log key for a witness', `witness W1 ${LOG.vkey}\nquorum none\n`, 1],
    ['a witness key for a log', `log ${W1.vkey}\nquorum none\n`, 1],
    ['a member twice', `${witnesses}group a any W1 W1\nquorum a\n`, 4],
    ['a member of two groups', `${witnesses}group a any W1\ngroup b any W1\nquorum b\n`, 5],
    ['a threshold of zero', `${witnesses}group a 0 W1\nquorum a\n`, 4],
    ['a threshold beyond the members', `${witnesses}group a 2 W1\nquorum a\n`, 4],
    ['a carriage return', 'quorum none\r\n', 1],
    ['an unknown word', 'timeout 5\nquorum none\n', 1],
  ]
  return [
    ...good.map(([name, text, quorum]) => ({ name, text, line: null, quorum: quorum.map(([cosigned, reached]) => ({ cosigned, reached })) })),
    ...bad.map(([name, text, line]) => ({ name, text, line, quorum: [] })),
  ]
}

/** `index` is null where the text is malformed; `holds` is whether the entry is in the tree that the log of `vkey` signed. */
function proofVectors() {
  const checkpoint = note(CHECKPOINT, signedBy(LOG, CHECKPOINT), cosignedBy(W1, CHECKPOINT), cosignedBy(W2, CHECKPOINT))
  const hashes = auditPath(511, leaves).map((hash) => hash.toString('base64'))
  const proof = (...lines: string[]) => ['c2sp.org/tlog-proof@v1', ...lines, '', checkpoint].join('\n')
  const good = proof('index 511', ...hashes)
  const rows: [name: string, text: string, index: number | null, holds: boolean][] = [
    ['of an entry', good, 511, true],
    ['with extra data', proof('extra AQIDBA==', 'index 511', ...hashes), 511, true],
    ['of another index', proof('index 510', ...hashes), 510, false],
    ['with another hash', proof('index 511', ...hashes.with(3, hashes[4]!)), 511, false],
    ['without a hash', proof('index 511', ...hashes.slice(1)), 511, false],
    ['by another key', good.replace(signedBy(LOG, CHECKPOINT), signedBy(IMPOSTOR, CHECKPOINT)), 511, false],
    ['of another tree', good.replace(`${ORIGIN}\n1000\n`, `${ORIGIN}\n1001\n`), 511, false],
    ['another version', good.replace('@v1', '@v2'), null, false],
    ['no index', proof(...hashes), null, false],
    ['a leading zero', proof('index 0511', ...hashes), null, false],
    ['extra after the index', proof('index 511', 'extra AQIDBA==', ...hashes), null, false],
    ['64 hashes', proof('index 511', ...new Array(64).fill(hashes[0]!)), null, false],
    ['a short hash', proof('index 511', 'AAAA'), null, false],
    ['no checkpoint', ['c2sp.org/tlog-proof@v1', 'index 511', ...hashes, ''].join('\n'), null, false],
    ['an unsigned checkpoint', ['c2sp.org/tlog-proof@v1', 'index 511', ...hashes, '', CHECKPOINT].join('\n'), null, false],
    ['a line after the checkpoint', `${good}more\n`, null, false],
  ]
  return rows.map(([name, text, index, holds]) => ({ name, text, entry: hex(entries[511]!), vkey: LOG.vkey, index, holds }))
}

export function logVectors(): Record<string, unknown> {
  return {
    'log-key': keyVectors(),
    'log-note': noteVectors(),
    'log-checkpoint': checkpointVectors(),
    'log-cosignature': cosignatureVectors(),
    'log-inclusion': inclusionVectors(),
    'log-consistency': consistencyVectors(),
    'log-tile': tileVectors(),
    'log-entries': entryVectors(),
    'log-policy': policyVectors(),
    'log-proof': proofVectors(),
  }
}

if (process.argv[1] === import.meta.filename) {
  for (const [name, value] of Object.entries(logVectors())) {
    writeFileSync(path.join(import.meta.dirname, `${name}.json`), `${JSON.stringify(value, null, 2)}\n`)
  }
}
