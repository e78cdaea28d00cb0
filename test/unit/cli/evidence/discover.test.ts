import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findCoverage, findSarif } from '../../../../cli/evidence/discover.ts'
import { newFolder, writeAt } from './evidence-support.ts'

function folderWith(...paths: string[]): string {
  const folder = newFolder()
  for (const path of paths) writeAt(folder, path, 'x')
  return folder
}

describe('coverage', () => {
  it.each([
    'coverage/lcov.info',
    'lcov.info',
    'coverage/coverage-final.json',
    'coverage.xml',
    'cobertura.xml',
    'coverage/cobertura-coverage.xml',
    'target/site/jacoco/jacoco.xml',
    'build/reports/jacoco/test/jacocoTestReport.xml',
    'coverage.out',
    'cover.out',
    'cover/coverage.out',
    'packages/a/coverage/lcov.info',
    'services/pay/coverage.out',
    'backend/target/site/jacoco/jacoco.xml',
    'frontend/coverage/lcov.info',
  ])('%s is found', async (path) => {
    expect(await findCoverage(folderWith(path, 'src/a.ts'))).toEqual([[path]])
  })

  it.each([
    'deep/down/coverage/lcov.info',
    'node_modules/a/coverage/lcov.info',
    'packages/node_modules/lcov.info',
    'vendor/lcov.info',
    '.hidden/lcov.info',
    'coverage/index.html',
  ])('%s is not looked at', async (path) => {
    expect(await findCoverage(folderWith(path))).toEqual([])
  })

  it('formats of one run are one, the one to prefer first', async () => {
    const folder = folderWith(
      'coverage/cobertura-coverage.xml',
      'coverage/coverage-final.json',
      'coverage.xml',
    )
    writeAt(folder, 'coverage/lcov.info', 'x')
    expect(await findCoverage(folder)).toEqual([
      ['coverage/lcov.info', 'coverage/coverage-final.json', 'coverage/cobertura-coverage.xml'],
      ['coverage.xml'],
    ])
  })

  it('a folder in the place of a file, and a project with a repository of its own, are passed over', async () => {
    const folder = folderWith('sub/.git', 'sub/lcov.info')
    mkdirSync(join(folder, 'lcov.info'))
    expect(await findCoverage(folder)).toEqual([])
  })

  it('opens a hundred at most', async () => {
    const folder = newFolder()
    for (let i = 0; i < 60; i++) {
      writeAt(folder, `packages/p${i}/lcov.info`, 'x')
      writeAt(folder, `packages/p${i}/coverage.xml`, 'x')
    }
    expect(await findCoverage(folder)).toHaveLength(100)
  })
})

describe('SARIF', () => {
  it('is every *.sarif in the usual folders, in the order of their names', async () => {
    const paths = ['a.sarif', 'b.sarif.json', 'results/c.SARIF', 'build/reports/detekt/d.sarif']
    const folder = folderWith(...[...paths].reverse(), 'other/deep/e.sarif', 'sarif.txt')
    expect((await findSarif(folder)).flat()).toEqual(paths)
  })

  it('is found in packages', async () => {
    expect(await findSarif(folderWith('packages/a/results/scan.sarif'))).toEqual([
      ['packages/a/results/scan.sarif'],
    ])
  })
})

describe('links', () => {
  it('within the repository are followed, out of it and into .git they are not', async () => {
    const outside = folderWith('lcov.info', 'scan.sarif')
    const folder = folderWith('out/cov.info', '.git/config')
    symlinkSync(join(folder, 'out/cov.info'), join(folder, 'lcov.info'))
    symlinkSync(join(outside, 'lcov.info'), join(folder, 'coverage.xml'))
    symlinkSync(join(folder, '.git/config'), join(folder, 'cobertura.xml'))
    symlinkSync(outside, join(folder, 'coverage'))
    symlinkSync(outside, join(folder, 'results'))
    symlinkSync(outside, join(folder, 'packages'))
    symlinkSync('lcov-loop', join(folder, 'lcov-loop'))
    symlinkSync('lcov-loop', join(folder, 'coverage.out'))
    expect(await findCoverage(folder)).toEqual([['lcov.info']])
    expect(await findSarif(folder)).toEqual([])
  })
})
