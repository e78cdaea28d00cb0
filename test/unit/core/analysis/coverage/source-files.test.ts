import { expect, test } from 'vitest'
import { type SourceKind, sourceKind } from '../../../../../core/analysis/coverage/source-files.ts'
import { languageOf } from '../../../../../core/analysis/source/language.ts'

test.each<[SourceKind, string[]]>([
  [
    'source',
    [
      'src/a.ts',
      'a.py',
      'main.go',
      'src/main/java/A.java',
      'lib/a.rb',
      'src/a.rs',
      'scripts/deploy.sh',
      'db/001.sql',
      'bin/run',
      'src/contest.ts',
      'src/latest/a.ts',
      'src/testing/a.ts',
      'testutil.go',
      'attest.py',
      'Contest.java',
      'src/Latest.vue',
      'vite.config.ts',
    ],
  ],
  [
    'test',
    [
      'a.test.ts',
      'a.spec.tsx',
      'a.test.mjs',
      'test_a.py',
      'a_test.py',
      'conftest.py',
      'pkg/a_test.go',
      'src/test/java/com/x/Helper.java',
      'ATest.java',
      'AIT.java',
      'PayTests.kt',
      'tests/helper.py',
      'src/__tests__/a.ts',
      'spec/a_spec.rb',
    ],
  ],
  ['declaration', ['a.d.ts', 'types/b.d.mts', 'c.pyi']],
  [
    'without_code',
    [
      'README.md',
      'docs/a.rst',
      'package.json',
      '.github/workflows/ci.yml',
      'go.mod',
      'go.sum',
      'yarn.lock',
      'LICENSE',
      'Dockerfile',
      '.gitignore',
      '.dockerignore',
      '.env.example',
      'logo.SVG',
      'tests/fixtures/a.json',
      'styles/a.scss',
    ],
  ],
])('%s', (kind, paths) => {
  expect(paths.map((path) => [path, sourceKind(path, languageOf(path))])).toEqual(
    paths.map((path) => [path, kind]),
  )
})
