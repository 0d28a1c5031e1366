import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../functions/model.ts'
import { renderHtml } from '../../functions/report/html.ts'
import { root } from '../support/bundle.ts'

const present = spawnSync('chromium', ['--version']).status === 0
if (!present) console.log('skipped: chromium is not installed (apt-get install chromium)')
const hostile = '<script>document.title="taken"</script><img src=x onerror="document.title=`taken`">\u202e"\'&'

let folder = ''
let example = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'page-'))
  spawnSync(process.execPath, ['dist/domicile.js', 'audit', 'examples/redmi-1s', '-o', folder], { cwd: root })
  example = readFileSync(join(folder, 'report.html'), 'utf8')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Opens a page as a reader does. @returns the document after it has loaded, and what the console says */
function open(html: string): { dom: string; console: string } {
  const path = join(folder, 'opened.html')
  writeFileSync(path, html)
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run']
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync']
  const own = ['--enable-logging=stderr', `--user-data-dir=${join(folder, 'profile')}`, '--dump-dom']
  const run = spawnSync('chromium', [...flags, ...quiet, ...own, pathToFileURL(path).href], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  expect(run.status).toBe(0)
  return {
    dom: run.stdout,
    console: run.stderr
      .split('\n')
      .filter((line) => line.includes('CONSOLE'))
      .join('\n'),
  }
}

describe.skipIf(!present && !process.env.CI)('the report page in Chromium', () => {
  it('shows the whole report, and breaks none of its own rules on content', () => {
    const { dom, console } = open(example)
    expect(console).toBe('')
    expect(dom).toContain('Content-Security-Policy')
    for (const text of ['5 flows in 2 findings broke', 'api.account.xiaomi.com', 'SKIPDATA', 'IP Geolocation by DB-IP'])
      expect(dom).toContain(text)
  })

  it('refuses a script that got into it all the same', () => {
    const { dom, console } = open(example.replace('</body>', () => '<script>document.title="taken"</script></body>'))
    expect(dom).not.toContain('<title>taken')
    expect(console).toMatch(/Content Security Policy/)
  })

  it('shows hostile text as text, wherever it stands', () => {
    const report: Report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))
    const poisoned: Report = {
      ...report,
      declaration: { ...report.declaration, title: hostile, vendor: hostile },
      findings: report.findings.map((finding) => ({ ...finding, host: hostile, reasons: [hostile], settle: hostile })),
      ledger: report.ledger.map((ledger) => ({ ...ledger, source: hostile, error: hostile })),
      limitations: [hostile],
    }
    const { dom, console } = open(renderHtml(poisoned))
    expect(console).toBe('')
    expect(dom).not.toMatch(/<script|<img/)
    expect(dom).not.toContain('<title>taken')
    expect(dom).toContain('&lt;script&gt;')
  })
})
