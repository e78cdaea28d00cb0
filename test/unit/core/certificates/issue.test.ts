import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { issueCertificate } from '../../../../core/certificates/issue.ts'
import { lookUpCertificate } from '../../../../core/certificates/look-up.ts'
import { readReport } from '../../../../core/certificates/report.ts'
import type { Actor } from '../../../../core/context.ts'
import { NotFirst, once, UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { canonicalText, signedMembers } from '../../../../core/verify/canonical.ts'
import { toHex, utf8 } from '../../../../core/verify/encoding.ts'
import { examineJson, examineSigned } from '../../../../core/verify/examine.ts'
import { openTrustRoot, type TrustRoot } from '../../../../core/verify/trust-root.ts'
import { type Certificate, certificateSchema } from '../../../../schema/wire/certificate.ts'
import { issueRequest, refusalCode, START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'

const SECRET = `ghp_${'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'}`
const CODE = 'export const unmistakable = 4711\n'

let core: TestCore
let owner: Actor
let tester: Actor
let root: TrustRoot

beforeAll(async () => {
  core = await startTestCore()
  owner = await core.organisation()
  tester = await core.withKey(owner, ['certificates:write', 'certificates:read'], false)
  const [row] = await core.db.owner`SELECT jws FROM trust_roots ORDER BY version DESC LIMIT 1`
  const opened = await openTrustRoot(row!.jws, core.pinned, { now: new Date() })
  if (!opened.ok) throw new Error(opened.reason)
  root = opened.trustRoot
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

const counts = async () =>
  (
    await core.db.owner`SELECT (SELECT count(*)::int FROM certificates) AS certificates,
      (SELECT count(*)::int FROM log_entries) AS entries, (SELECT count(*)::int FROM outbox) AS marks`
  )[0]!

describe('a certificate', () => {
  test('is what the wire schema says, holds against the trust root, and is looked up as it was issued', async () => {
    const now = new Date('2026-11-21T02:48:23.456Z')
    const later = {
      ...root,
      keys: root.keys.map((key) => ({ ...key, valid_from: '2026-01-01T00:00:00.000Z' })),
    }
    const issued = certificateSchema.parse(await core.issue(owner, { ttl_days: 7 }, now))
    expect(issued).toMatchObject({
      issued_at: '2026-11-21T02:48:23.456Z',
      expires_at: '2026-11-28T02:48:23.456Z',
      livemode: true,
      company_id: owner.organisationId,
      user_id: owner.userId,
      status: 'valid',
      verification_url: `https://network.example/certs/${issued.certificate_id}`,
    })
    expect(await examineJson(issued, later)).toMatchObject({
      signature: { result: 'passed' },
      keyValidity: { result: 'passed' },
    })
    const found = await lookUpCertificate(core.ctx(), issued.certificate_id)
    expect(found).toMatchObject({ livemode: true, revocation: null })
    expect(found!.record.signed).toBe(canonicalText(signedMembers(issued)))
    expect(found!.record.signature).toEqual(issued.signature)
    expect(await examineSigned(found!.record.signed, found!.record.signature, later)).toMatchObject({
      signature: { result: 'passed' },
    })
  })

  test('comes with its log entry and its publication mark', async () => {
    const before = await counts()
    const issued = await core.issue(owner)
    expect(await counts()).toEqual({
      certificates: before.certificates + 1,
      entries: before.entries + 1,
      marks: before.marks + 1,
    })
    const [entry] = await core.db
      .owner`SELECT convert_from(entry, 'UTF8') AS text FROM log_entries WHERE leaf_hash = decode(${issued.log!.leaf_hash}, 'hex')`
    expect(JSON.parse(entry!.text)).toMatchObject({ type: 'certificate.issued', time: issued.issued_at })
    const marks = await core.db.owner`SELECT kind FROM outbox WHERE entity_id = ${issued.certificate_id}`
    expect(marks).toEqual([{ kind: 'certificate' }])
  })

  test('none of the three is left when one of them cannot be recorded', async () => {
    const before = await counts()
    await core.db.owner.unsafe(`
      CREATE FUNCTION break_here() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken here'; END $$;
      CREATE TRIGGER break_here AFTER INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION break_here()`)
    const attempt = issueCertificate(core.ctx(), owner, issueRequest(), UNCLAIMED)
    await expect(attempt).rejects.toThrow('broken here')
    await core.db.owner`DROP FUNCTION break_here CASCADE`
    expect(await counts()).toEqual(before)
  })

  test('nothing is recorded for a request that was not the first', async () => {
    const request = { route: 'POST /v1/trust/verify', key: 'once', rawBody: utf8('{}') }
    let again: Promise<unknown> | undefined
    await once(core.ctx(), owner, request, async (claim) => {
      const first = await issueCertificate(core.ctx(), owner, issueRequest(), claim)
      const before = await counts()
      again = issueCertificate(core.ctx(), owner, issueRequest(), claim)
      await expect(again).rejects.toThrow(NotFirst)
      expect(await counts()).toEqual(before)
      return first.answer
    })
    expect(again).toBeDefined()
  })

  test('says what the request said, and nothing of what it left out', async () => {
    const given = {
      commit_sha: 'a'.repeat(40),
      repository: 'github.com/x/y',
      language: 'go',
      framework: 'hono',
      user_id: 'u.1',
    }
    expect(await core.issue(owner, given)).toMatchObject(given)
    const bare = await core.issue(owner)
    for (const name of ['commit_sha', 'repository', 'language', 'framework'])
      expect(bare).not.toHaveProperty(name)
  })

  test('in test mode is never real, though its signature is right', async () => {
    const issued = await core.issue(tester)
    expect(issued.livemode).toBe(false)
    expect(root.keys.map((key) => key.kid)).not.toContain(issued.signature.public_key_id)
    expect(await examineJson(issued, root)).toMatchObject({
      signature: { result: 'failed', reason: 'test_mode' },
    })
  })

  test('has an id and a place in the status list that no other has', async () => {
    const issued = await Promise.all(Array.from({ length: 30 }, () => core.issue(owner)))
    expect(new Set(issued.map((one) => one.certificate_id)).size).toBe(30)
    expect(new Set(issued.map((one) => `${one.status_list.uri} ${one.status_list.idx}`)).size).toBe(30)
  })
})

describe('what is submitted', () => {
  test('is stored nowhere: no table holds the code, the previous content, the secret or the commit message', async () => {
    await core.issue(owner, {
      files: [
        {
          path: 'src/a.ts',
          content: `${CODE}const t = '${SECRET}'\n`,
          previous_content: 'const before = 815\n',
        },
      ],
      commit_message: 'a message that nobody keeps',
    })
    const tables = await core.db
      .owner`SELECT table_schema || '.' || quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public'`
    expect(tables.length).toBeGreaterThanOrEqual(8)
    for (const { name } of tables) {
      const rows = await core.db.owner.unsafe(`SELECT t::text AS row FROM ${name} t`)
      const text = rows
        .map(({ row }) => row + Buffer.from(row.replaceAll(/[^0-9a-f]/g, ''), 'hex').toString('latin1'))
        .join()
      for (const hidden of ['unmistakable', SECRET, SECRET.slice(4), 'before = 815', 'nobody keeps']) {
        expect(text.includes(hidden), `${name} holds ${hidden}`).toBe(false)
        expect(text.includes(Buffer.from(hidden).toString('hex')), `${name} holds ${hidden}`).toBe(false)
      }
    }
  })

  test('has its findings in the report, for the owner alone, and not in the certificate', async () => {
    const issued = await core.issue(owner, {
      files: [{ path: 'src/a.ts', content: `${CODE}const t = '${SECRET}'\n` }],
    })
    expect(JSON.stringify(issued)).not.toMatch(/github|"line"/)
    expect(await readReport(core.ctx(), owner, issued.certificate_id)).toMatchObject({
      certificate_id: issued.certificate_id,
      findings: [{ path: 'src/a.ts', line: 2, rule: 'secret-github', source: 'coderisk' }],
      path_salt: null,
    })
    const stranger = await core.organisation()
    for (const actor of [stranger, tester]) {
      expect(await refusalCode(readReport(core.ctx(), actor, issued.certificate_id))).toBe(
        'certificate_not_found',
      )
    }
  })
})

describe('hashed paths', () => {
  const files = [
    { path: 'src/a.ts', content: 'a\n' },
    { path: 'src/größe.ts', content: 'b\n' },
  ]

  test('are HMAC-SHA256 under a salt that only the report has', async () => {
    const issued = await core.issue(owner, { files, path_privacy: 'hashed' })
    const { path_salt: salt } = await readReport(core.ctx(), owner, issued.certificate_id)
    expect(salt).toMatch(/^[0-9a-f]{64}$/)
    const hmac = (path: string) => createHmac('sha256', Buffer.from(salt!, 'hex')).update(path).digest('hex')
    expect(issued.files_changed).toEqual(files.map(({ path }) => `sha256:${hmac(path)}`))
    expect(JSON.stringify(issued)).not.toContain(salt!)
    expect(JSON.stringify(issued)).not.toContain('src/')
  })

  test('differ from one certificate to the next', async () => {
    const [one, other] = await Promise.all(
      [0, 1].map(() => core.issue(owner, { files, path_privacy: 'hashed' })),
    )
    expect(one!.files_changed).not.toEqual(other!.files_changed)
  })
})

describe('signing', () => {
  test('without an active key is unavailable, and nothing is issued', async () => {
    const before = await counts()
    await core.db.owner`UPDATE signing_keys SET state = 'retired', retired_at = now() WHERE livemode`
    try {
      expect(await refusalCode(core.issue(owner))).toBe('signing_unavailable')
      expect(await counts()).toEqual(before)
    } finally {
      await core.db.owner`UPDATE signing_keys SET state = 'active', retired_at = NULL WHERE livemode`
    }
  })

  test('with a key that is retired before the certificate is recorded is done again with the next', async () => {
    const [old] = await core.db
      .owner`SELECT kid, public_jwk, sealed_private_key FROM signing_keys WHERE NOT livemode`
    const next = await core.keys.generate()
    const sealed = await next.seal('key-202612-00000001')
    const keys = {
      ...core.keys,
      async signer(kid: string, bytes: Uint8Array) {
        const signer = await core.keys.signer(kid, bytes)
        if (kid === old!.kid) {
          await core.db.owner.begin(async (sql) => {
            await sql`UPDATE signing_keys SET state = 'retired' WHERE kid = ${kid}`
            await sql`INSERT INTO signing_keys (kid, livemode, state, public_jwk, sealed_private_key, created_at)
              VALUES ('key-202612-00000001', false, 'active', ${sql.json({ ...next.publicJwk })}, ${sealed}, now())`
          })
        }
        return signer
      },
    }
    const { answer } = await issueCertificate({ ...core.ctx(), keys }, tester, issueRequest(), UNCLAIMED)
    const issued = JSON.parse(answer.body) as Certificate
    expect(issued.signature.public_key_id).toBe('key-202612-00000001')
    const found = await lookUpCertificate(core.ctx(), issued.certificate_id)
    expect(found!.record.signature.public_key_id).toBe('key-202612-00000001')
  })

  test('with keys that are always retired meanwhile is unavailable, not a fault of ours', async () => {
    const keys = {
      ...core.keys,
      async signer(kid: string, bytes: Uint8Array) {
        await core.db.owner`UPDATE signing_keys SET state = 'retired' WHERE kid = ${kid}`
        return core.keys.signer(kid, bytes)
      },
    }
    await core.db.owner`UPDATE signing_keys SET state = 'retired' WHERE NOT livemode`
    const kids = (await core.db.owner`SELECT kid FROM signing_keys WHERE NOT livemode ORDER BY kid`).map(
      ({ kid }) => kid,
    )
    let turn = 0
    const turning = {
      ...core.db.database,
      // Each attempt asks twice: for the key, and to record.
      direct: async (query: never) => {
        if (turn++ % 2 === 0) {
          const kid = kids[(turn >> 1) % kids.length]
          await core.db.owner`UPDATE signing_keys SET state = 'active' WHERE kid = ${kid}`
        }
        return core.db.database.direct(query)
      },
    }
    const ctx = { ...core.ctx(), keys, database: turning as typeof core.db.database }
    expect(await refusalCode(issueCertificate(ctx, tester, issueRequest(), UNCLAIMED))).toBe(
      'signing_unavailable',
    )
    expect(turn).toBe(4)
  })
})

test('an id that nobody has, or that is none, is not found', async () => {
  for (const id of ['CERT-2026-0000000000000000', '', "' OR true --"]) {
    expect(await lookUpCertificate(core.ctx(), id)).toBeNull()
  }
})

test('the stored leaf hash is the one that the certificate was given', async () => {
  const issued = await core.issue(owner)
  const [row] = await core.db.owner`SELECT leaf_hash FROM certificates WHERE id = ${issued.certificate_id}`
  expect(toHex(row!.leaf_hash)).toBe(issued.log!.leaf_hash)
})

test('the first certificate of a status list has the list published', async () => {
  await core.db.owner`DELETE FROM outbox`
  await core.db.owner`SELECT setval('certificate_status_index', ${5 * 131_072}, false)`
  const first = await core.issue(owner)
  expect(first.status_list).toMatchObject({ idx: 0, uri: expect.stringMatching(/\/5$/) })
  const marks = () => core.db.owner`SELECT entity_id FROM outbox WHERE kind = 'status_list'`
  expect(await marks()).toEqual([{ entity_id: '5' }])
  await core.db.owner`DELETE FROM outbox`
  await core.issue(owner)
  expect(await marks()).toEqual([])
})
