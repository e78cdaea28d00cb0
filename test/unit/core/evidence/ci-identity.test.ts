import { describe, expect, test } from 'vitest'
import { assertSpeaksFor, type CiIdentity, evidenceAudience } from '../../../../core/evidence/ci-identity.ts'
import { refusalCode } from '../requests.ts'

const COMMIT = 'a'.repeat(40)
const IDENTITY: CiIdentity = {
  issuer: 'https://ci.example',
  repository: 'Example/Shop',
  commitSha: COMMIT,
  run: '1',
}

const outcome = (
  request: Parameters<typeof assertSpeaksFor>[1],
  repositories: readonly string[] = ['example/shop'],
  identity = IDENTITY,
) => refusalCode((async () => assertSpeaksFor(identity, request, repositories))())

test('the audience names the evidence', () => {
  expect(evidenceAudience('ab'.repeat(32))).toBe(`coderisk:${'ab'.repeat(32)}`)
})

describe('a CI run speaks for a change', () => {
  test.each<[string, string | undefined]>([
    ['that names no repository', undefined],
    ['of its repository', 'Example/Shop'],
    ['of its repository, in other letters', 'EXAMPLE/shop'],
    ['of its repository, with the host', 'github.com/example/shop'],
    ['of its repository, as a URL', 'https://github.com/example/Shop'],
    ['of its repository, as it is cloned', 'https://github.com/Example/Shop.git'],
  ])('%s', async (_, repository) => {
    const request = { commit_sha: COMMIT, ...(repository === undefined ? {} : { repository }) }
    expect(await outcome(request)).toBeNull()
  })
})

describe('a CI run does not speak for a change', () => {
  test.each<[string, string]>([
    ['of another repository', 'example/shop2'],
    ['of another owner', 'evil/shop'],
    ['whose repository ends alike', 'evilexample/shop'],
    ['whose repository has more behind it', 'example/shop/more'],
    ['of a repository by its name alone', 'shop'],
    ['of an empty repository', '.git'],
  ])('%s', async (_, repository) => {
    expect(await outcome({ commit_sha: COMMIT, repository })).toBe('ci_identity_rejected')
  })

  test.each<[string, object]>([
    ['of another commit', { commit_sha: 'b'.repeat(40) }],
    ['of a shortened commit', { commit_sha: COMMIT.slice(0, 39) }],
    ['that names no commit', {}],
  ])('%s', async (_, request) => {
    expect(await outcome(request)).toBe('ci_identity_rejected')
  })

  test.each<[string, readonly string[]]>([
    ['of an organisation without repositories', []],
    ['of an organisation with others', ['example/shop2', 'example', 'shop', 'example/sho']],
  ])('%s', async (_, repositories) => {
    expect(await outcome({ commit_sha: COMMIT }, repositories)).toBe('ci_identity_rejected')
  })
})
