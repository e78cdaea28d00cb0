/** Vectors that need no key. */

/** RFC 8785: `canonical` is null where the input has no canonical form. */
export const CANONICAL_VECTORS = [
  { name: 'no white space', input: '{ "a" : [ 1 , 2 ] }', canonical: '{"a":[1,2]}' },
  { name: 'members by UTF-16 code units', input: '{"\\u20ac":1,"\\r":2,"\\ufb33":3,"1":4,"\\ud83d\\ude00":5,"\\u0080":6,"\\u00f6":7}', canonical: '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}' },
  { name: 'members of every level', input: '{"b":{"z":1,"y":[{"d":1,"c":2}]},"a":0}', canonical: '{"a":0,"b":{"y":[{"c":2,"d":1}],"z":1}}' },
  { name: 'texts', input: '"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/"', canonical: '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"' },
  { name: 'control characters', input: '"\\u0000\\u0008\\u0009\\u000b\\u000c\\u000d\\u001f\\u007f\\u2028"', canonical: '"\\u0000\\b\\t\\u000b\\f\\r\\u001f\u007f\u2028"' },
  { name: 'no normalisation', input: '["\\u00e9","e\\u0301"]', canonical: '["é","e\u0301"]' },
  { name: 'integers', input: '[0,-0,1.0,10E0,9007199254740992]', canonical: '[0,0,1,10,9007199254740992]' },
  { name: 'fractions', input: '[333333333.33333329,1E30,4.50,2e-3,1e-27]', canonical: '[333333333.3333333,1e+30,4.5,0.002,1e-27]' },
  { name: 'turning points', input: '[1e21,999999999999999900000,0.000001,9.999999999999997e-7]', canonical: '[1e+21,999999999999999900000,0.000001,9.999999999999997e-7]' },
  { name: 'literals', input: '[null,true,false]', canonical: '[null,true,false]' },
  { name: 'a number beyond a double', input: '1e400', canonical: null },
  { name: 'a lone surrogate', input: '"\\ud800"', canonical: null },
  { name: 'a lone surrogate in a name', input: '{"\\udc00":1}', canonical: null },
] as const

/** What a verifier takes as JSON at all. `reason` is null where it does. */
export const STRICT_JSON_VECTORS = [
  { name: 'an object', text: '{"a":1,"b":[{"a":1}]}', reason: null },
  { name: 'names that differ in case', text: '{"a":1,"A":1}', reason: null },
  { name: 'quotes, colons and braces in texts', text: '{"a":"\\"b\\":1,{}[]"}', reason: null },
  { name: '64 levels', text: '['.repeat(64) + ']'.repeat(64), reason: null },
  { name: '65 levels', text: '['.repeat(65) + ']'.repeat(65), reason: 'json_too_deep' },
  { name: 'a name twice', text: '{"a":1,"a":1}', reason: 'duplicate_member' },
  { name: 'a name twice, once escaped', text: '{"a":1,"\\u0061":1}', reason: 'duplicate_member' },
  { name: 'a name twice, inside', text: '[{"x":{"a":1,"b":2,"a":3}}]', reason: 'duplicate_member' },
  { name: '__proto__ twice', text: '{"__proto__":1,"__proto__":1}', reason: 'duplicate_member' },
  { name: 'cut short', text: '{"a":1', reason: 'invalid_json' },
  { name: 'a comma too many', text: '[1,]', reason: 'invalid_json' },
  { name: 'two values', text: '1 2', reason: 'invalid_json' },
  { name: 'nothing', text: '', reason: 'invalid_json' },
] as const

/** As `LC_ALL=C sort` and `sha256sum` print it, and the SHA-256 of that. */
export const MANIFEST_VECTORS: readonly {
  readonly files: readonly { readonly path: string; readonly content: string }[]
  readonly manifest: string
  readonly sha256: string
}[] = [
  {
    files: [
      { path: 'src/payment.ts', content: 'export const a = 1\n' },
      { path: 'src/größe.ts', content: 'no newline at the end' },
    ],
    manifest: 'e421985de8560d2d2847361afd20f82baf462e4ae68b199b19d664a7e4c2428d  src/größe.ts\na3b135bcfeaabda5d6780642cf256059889ad4649c9ba4f7a4d5d6e83a68b402  src/payment.ts\n',
    sha256: '590b8a0a089bd15f4f25fc050f88fc15941a1df3dad1923a2404f4b361334c53',
  },
  {
    files: [
      { path: '￰.txt', content: 'sorts before an emoji in bytes, after it in UTF-16\n' },
      { path: '😀.txt', content: '😀\n' },
      { path: 'README.md', content: '' },
      { path: 'src-x.ts', content: 'crlf\r\n' },
      { path: 'src/a b.ts', content: '\ufeffwith a byte order mark\n' },
    ],
    manifest: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  README.md\n1bc5e5575c5355e4ff8d732ed044b4fd16c9c18e99175dab9167df8988a081ae  src-x.ts\nce02a077ae6db5224cd5d9aa4ead461d97f93749c26c53e1eb7d9cf99469d2c7  src/a b.ts\na301955a4ea0f44a46f5363ae05a584bf9e6fea2d6c6ca9685ad9944358577cd  ￰.txt\nd744e0ee836148320d73e0d69631b60cc9eb4ec732cf9d78afd0d70661fcff31  😀.txt\n',
    sha256: '521a252bbe98f230733c5723f4f6c1efd14205e82f95126b405f2c950426bff2',
  },
]

/** Token Status List, `bits: 1`: least significant bit first; null is out of range. */
export const STATUS_LIST_VECTORS = {
  bytes: 'b9a3',
  lst: 'eNrbuRgAAhcBXQ',
  bits: [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1, null, null],
} as const
