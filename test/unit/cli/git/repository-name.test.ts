import { expect, it } from 'vitest'
import { repositoryName } from '../../../../cli/git/repository-name.ts'

it.each([
  ['https://github.com/owner/repo.git', 'github.com/owner/repo'],
  ['https://github.com/owner/repo/', 'github.com/owner/repo'],
  ['https://user:token@GitHub.com/owner/repo', 'github.com/owner/repo'],
  ['https://x-access-token:ghs_1@github.com/owner/repo.git?token=abc#frag', 'github.com/owner/repo'],
  ['https://git.example.com:8443/group/sub/repo.git', 'git.example.com:8443/group/sub/repo'],
  ['ssh://git@github.com:22/owner/repo.git', 'github.com/owner/repo'],
  ['git@github.com:owner/repo.git', 'github.com/owner/repo'],
  ['github.com:owner/repo', 'github.com/owner/repo'],
  ['me@host.example:/srv/git/repo.git', 'host.example/srv/git/repo'],
  ['/home/someone/repo', null],
  ['../repo.git', null],
  ['file:///home/someone/repo', null],
  ['C:\\Users\\someone\\repo', null],
  ['C:/Users/someone/repo', null],
  ['https://github.com/', null],
  [`https://github.com/${'x'.repeat(300)}`, null],
  ['', null],
])('%s is %s', (url, name) => {
  expect(repositoryName(url)).toBe(name)
})
