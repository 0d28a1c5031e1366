import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const depcruise = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
const planted: string[] = []

/** Lays files below a fresh folder, holds the project's own rules against them, and gives the names of the rules broken. */
function brokenRules(files: Readonly<Record<string, string>>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'layers-'))
  planted.push(folder)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const config = join(root, '.dependency-cruiser.cjs')
  const run = spawnSync(process.execPath, [depcruise, '--config', config, '--output-type', 'json', 'functions'], {
    cwd: folder,
    encoding: 'utf8',
  })
  const report: { summary: { violations: { rule: { name: string } }[]; totalCruised: number } } = JSON.parse(run.stdout)
  expect(report.summary.totalCruised).toBeGreaterThan(0)
  return report.summary.violations.map((v) => v.rule.name)
}

afterEach(() => {
  for (const folder of planted.splice(0)) rmSync(folder, { recursive: true, force: true })
})

describe('imports run one way', () => {
  it('holds for the program, and the check really reads TypeScript', () => {
    const out = execFileSync(
      process.execPath,
      [depcruise, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'functions'],
      { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 },
    )
    const report: { summary: { violations: unknown[]; totalCruised: number } } = JSON.parse(out)
    expect(report.summary.violations).toEqual([])
    expect(report.summary.totalCruised).toBeGreaterThan(30)
  })

  it.each([
    [
      'a stage that reaches into another stage',
      { 'functions/judge/judge.ts': "import '../parse/pcap.ts'\n", 'functions/parse/pcap.ts': 'export const x = 1\n' },
      'judge-knows-only-its-own',
    ],
    ['a stage that reads the disk', { 'functions/locate/locator.ts': "import 'node:fs'\n" }, 'stages-are-pure'],
    [
      'addresses that know a stage',
      {
        'functions/net/address.ts': "import '../locate/rules.ts'\n",
        'functions/locate/rules.ts': 'export const x = 1\n',
      },
      'net-stands-below-the-stages',
    ],
    [
      'a main flow that knows its caller',
      { 'functions/audit.ts': "import './cli/main.ts'\n", 'functions/cli/main.ts': 'export const x = 1\n' },
      'main-flow-below-the-edges',
    ],
    [
      'a type-only import against the arrow',
      {
        'functions/observe/fold.ts': "import type { X } from '../report/html.ts'\nexport type Y = X\n",
        'functions/report/html.ts': 'export type X = number\n',
      },
      'observe-knows-only-its-own',
    ],
    [
      'reference data that knows the command line',
      { 'functions/reference/open.ts': "import '../cli/main.ts'\n", 'functions/cli/main.ts': 'export const x = 1\n' },
      'reference-joins-stores-and-locating',
    ],
    [
      'a function of the cloud that knows a command',
      { 'functions/lambda/plan.ts': "import '../cli/main.ts'\n", 'functions/cli/main.ts': 'export const x = 1\n' },
      'cloud-knows-no-command',
    ],
    [
      'a command that knows a function of the cloud',
      { 'functions/cli/main.ts': "import '../lambda/plan.ts'\n", 'functions/lambda/plan.ts': 'export const x = 1\n' },
      'nobody-knows-the-cloud',
    ],
    [
      'a command that loads the client for S3 before it is asked to',
      {
        'functions/cli/main.ts': "import '../store/s3-store.ts'\n",
        'functions/store/s3-store.ts': 'export const x = 1\n',
      },
      'aws-only-when-asked-for',
    ],
    [
      'what keeps identifiers and knows how they are looked for',
      {
        'functions/seeds/envelope.ts': "import '../identify/examiner.ts'\n",
        'functions/identify/examiner.ts': 'export const x = 1\n',
      },
      'seeds-know-only-how-values-are-written',
    ],
    [
      'what keeps identifiers and reads the disk',
      { 'functions/seeds/seed-key.ts': "import 'node:fs'\n" },
      'stages-are-pure',
    ],
    [
      "a stage that depends on a vendor's client",
      {
        'functions/report/html.ts': "import '@aws-sdk/client-s3'\n",
        'node_modules/@aws-sdk/client-s3/package.json': '{ "name": "@aws-sdk/client-s3", "main": "index.js" }\n',
        'node_modules/@aws-sdk/client-s3/index.js': 'module.exports = {}\n',
      },
      'aws-behind-the-edges',
    ],
  ])('catches %s', (_what, files, rule) => {
    expect(brokenRules(files)).toContain(rule)
  })

  it('lets an import along the arrow through', () => {
    expect(
      brokenRules({
        'functions/judge/judge.ts': "import '../net/address.ts'\nimport '../model.ts'\n",
        'functions/net/address.ts': 'export const x = 1\n',
        'functions/model.ts': 'export type X = number\n',
        'functions/cli/main.ts': "import('../store/s3-store.ts')\n",
        'functions/store/s3-store.ts': 'export const x = 1\n',
        'functions/lambda/plan.ts': "import './environment.ts'\nimport '../judge/judge.ts'\n",
        'functions/lambda/environment.ts': 'export const x = 1\n',
        'functions/seeds/commitments.ts': "import '../identify/normal-forms.ts'\n",
        'functions/identify/normal-forms.ts': 'export const x = 1\n',
        'infra/stack.ts': "import '../functions/lambda/environment.ts'\n",
      }),
    ).toEqual([])
  })
})
