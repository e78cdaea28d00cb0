import type { ArcEntry } from './entry.ts'

/** Weaknesses that become incidents. */
export const ENTRIES_SECURITY: readonly ArcEntry[] = [
  {
    id: 'ARC-2026-043',
    slug: 'secrets-in-logs',
    title: 'Secrets or personal data in logs',
    severity: 'high',
    description:
      'Passwords, tokens, card numbers, whole headers or the whole configuration are written to the log. ' +
      'Logs are kept long, copied to other systems and read by many who may not see such data. One line ' +
      'makes each secret in it a leaked one.',
    mitigation:
      'Log chosen fields instead of whole objects, and mask secrets by type or name in one place. Never ' +
      'log authorisation headers, cookies and bodies of logins or payments. When it has happened, change ' +
      'the secrets and delete the lines.',
    incident_count: 0,
    cwe: ['CWE-532'],
  },
  {
    id: 'ARC-2026-044',
    slug: 'error-text-to-client',
    title: 'Internal error text sent to the client',
    severity: 'medium',
    description:
      "The text of an exception, its trace or the database's message is returned to whoever sent the " +
      'request. It tells attackers table names, paths, versions and at times data, and shows to others ' +
      'that an injection works. Users can do nothing with it.',
    mitigation:
      'Answer with a stable code and an identifier of the request. Record the details under that ' +
      'identifier on the server. Do it in one error handler, and test that an unexpected exception tells ' +
      'nothing.',
    incident_count: 0,
    cwe: ['CWE-209'],
  },
  {
    id: 'ARC-2026-045',
    slug: 'sql-built-from-strings',
    title: 'SQL built from strings',
    severity: 'critical',
    description:
      'Values or names that come from outside are put into the text of a query. Whoever can choose them ' +
      'can read and change all that the database account may. Quotes in ordinary names break the same ' +
      'queries.',
    mitigation:
      'Bind all values as parameters. Choose column names and sort orders from a fixed list. Give the ' +
      "application's account only the rights that it needs.",
    incident_count: 0,
    cwe: ['CWE-89'],
  },
  {
    id: 'ARC-2026-046',
    slug: 'unsafe-deserialisation',
    title: 'Unsafe deserialisation of untrusted data',
    severity: 'critical',
    description:
      'Data from outside are read with a format that can name classes or code, such as pickle, Java ' +
      'serialisation or full YAML. Reading alone then runs what the sender chose, before any check of the ' +
      'result. It gives attackers the process and its credentials.',
    mitigation:
      'Use a data format, such as JSON, and check it against a schema. Where the old format must stay, ' +
      'allow a fixed list of types, and accept only what was signed. Load models and archives from ' +
      'trusted sources only.',
    incident_count: 0,
    cwe: ['CWE-502'],
  },
  {
    id: 'ARC-2026-047',
    slug: 'ssrf-user-supplied-url',
    title: 'Request to an address chosen by the user',
    severity: 'high',
    description:
      'The server fetches an address that a user supplied. The request comes from inside: it reaches ' +
      'metadata services, administration pages and other hosts that outsiders cannot, and hands over ' +
      'their answers. Redirects and names that resolve anew get round a check of the text alone.',
    mitigation:
      'Allow a fixed list of hosts where possible. Otherwise resolve the name, refuse private and ' +
      'link-local addresses, connect to the address that was checked, and check each redirect again. Send ' +
      'such requests through a proxy that cannot reach the internal network, and limit size and time.',
    incident_count: 0,
    cwe: ['CWE-918'],
  },
  {
    id: 'ARC-2026-048',
    slug: 'path-traversal',
    title: 'File path built from user input',
    severity: 'high',
    description:
      'A file name or the entry of an archive from outside is joined to a directory and opened. With `..` ' +
      'or an absolute path it leads out of it: configuration and keys are read, or programs overwritten. ' +
      'Joining and normalising do not prevent that.',
    mitigation:
      "Store files under names that the server makes, and keep the user's name as data. Otherwise resolve " +
      'the path, links included, and check that it is still within the directory. Treat the entries of ' +
      'archives in the same way.',
    incident_count: 0,
    cwe: ['CWE-22'],
  },
  {
    id: 'ARC-2026-049',
    slug: 'cors-any-origin-with-credentials',
    title: 'CORS for any origin with credentials',
    severity: 'high',
    description:
      'The server allows each origin, often by sending the `Origin` header back, and credentials as well. ' +
      "Any page that a logged-in user visits can then call the interface in the user's name and read the " +
      'answers. Browsers refuse the plain `*` for that very reason.',
    mitigation:
      'Compare the origin with a fixed list, exactly and not by suffix. Allow credentials only where they ' +
      'are needed. Send `Vary: Origin`, and leave out the headers when the origin is not in the list.',
    incident_count: 0,
    cwe: ['CWE-942'],
  },
  {
    id: 'ARC-2026-050',
    slug: 'missing-object-authorisation',
    title: 'Object loaded by id without an ownership check',
    severity: 'critical',
    description:
      'The request is from a logged-in user, but whether the object with that id is theirs is never ' +
      "asked. Others' invoices and documents can be read, changed or deleted by trying numbers. Tests " +
      'with one user do not see it.',
    mitigation:
      'Put the owner or tenant into the query itself, or ask one authorisation function for each object. ' +
      'Answer 404 for what is not theirs. Test each route with a second user, and do not rely on ids ' +
      'being hard to guess.',
    incident_count: 0,
    cwe: ['CWE-639'],
  },
  {
    id: 'ARC-2026-051',
    slug: 'webhook-without-signature-check',
    title: 'Webhook without a signature check',
    severity: 'critical',
    description:
      'An endpoint acts on an event from outside without proof of who sent it, or checks the signature ' +
      'only when one is there. Anybody who knows the address can mark orders as paid or start ' +
      'deployments.',
    mitigation:
      'Verify a signature over the raw bytes of the body before parsing it, and refuse events without ' +
      'one. Check a time stamp against replays, and keep the identifiers of events already handled. Fetch ' +
      "the object from the sender's interface where much depends on it.",
    incident_count: 0,
    cwe: ['CWE-345'],
  },
  {
    id: 'ARC-2026-052',
    slug: 'non-constant-time-comparison',
    title: 'Secret compared in variable time',
    severity: 'medium',
    description:
      'A signature, token or key is compared with the ordinary equality, which stops at the first ' +
      'difference. From many measured answers an attacker learns the right value byte by byte. It is ' +
      'slow, but needs no other weakness.',
    mitigation:
      'Compare with the constant-time function of the platform (`timingSafeEqual`, `compare_digest`, ' +
      '`hmac.Equal`, `MessageDigest.isEqual`). Compare digests of equal length. Limit failed attempts.',
    incident_count: 0,
    cwe: ['CWE-208'],
  },
  {
    id: 'ARC-2026-053',
    slug: 'regex-backtracking',
    title: 'Regular expression with catastrophic backtracking',
    severity: 'high',
    description:
      'An expression with nested or overlapping repetition, or one that a user supplied, is run on input ' +
      'from outside. For some inputs the time grows exponentially with the length: a few dozen characters ' +
      'keep a processor busy for hours. In an event loop that stops everything.',
    mitigation:
      'Limit the length of the input first. Rewrite the expression so that no text can be matched in two ' +
      'ways, use an engine with linear time, or write a small parser. Never compile expressions from ' +
      'users in an engine that backtracks.',
    incident_count: 0,
    cwe: ['CWE-1333'],
  },
  {
    id: 'ARC-2026-054',
    slug: 'predictable-temp-file',
    title: 'Temporary file with a predictable name',
    severity: 'medium',
    description:
      'A temporary file gets a name that others can foresee, made of an id, the time or the process ' +
      'number, in a directory that all may write to. Another user can put a link there beforehand, and ' +
      "two requests at once overwrite each other's data.",
    mitigation:
      'Let the system create the file: `mkstemp`, `mkdtemp`, `os.CreateTemp`, `Files.createTempFile`. ' +
      'They choose a random name, create it exclusively and keep others out. Pass the open file on, or ' +
      "use a directory of one's own.",
    incident_count: 0,
    cwe: ['CWE-377'],
  },
  {
    id: 'ARC-2026-055',
    slug: 'mass-assignment',
    title: 'All fields of a request written to the record',
    severity: 'high',
    description:
      'The body of a request is copied into a record as it is. A client may send fields that were never ' +
      'meant to be set from outside, such as a role, a balance or the owner. Columns that are added later ' +
      'are open at once.',
    mitigation:
      'List the fields that each operation may set, in a schema or a type of its own, and refuse others. ' +
      'Do not bind entities of the database to requests. Set owner and role on the server only.',
    incident_count: 0,
    cwe: ['CWE-915'],
  },
  {
    id: 'ARC-2026-056',
    slug: 'tls-verification-disabled',
    title: 'TLS verification switched off',
    severity: 'critical',
    description:
      "The check of the other side's certificate or host name is switched off, often to get past an error " +
      'in a test environment. Whoever is on the way can then read and change all that is sent, ' +
      'credentials included. Nothing shows that the connection is not safe.',
    mitigation:
      "Keep verification on, and add the private authority's certificate to the trusted ones instead. " +
      'Make test environments use real certificates. Refuse the setting in production, and search the ' +
      'code for it in the build.',
    incident_count: 0,
    cwe: ['CWE-295'],
  },
]
