/**
 * `npm run demo`: audits this example and shows what came of it.
 *
 * The evidence deserves a `fail`, which the audit reports with exit status 1. The demo itself exits 0 if it ended so, and 1
 * if it ended in any other way.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const project = fileURLToPath(new URL('../..', import.meta.url))
const out = 'out/redmi-1s'
const command = [
  'dist/domicile.js',
  'audit',
  'examples/redmi-1s',
  '--seed-key',
  'examples/redmi-1s.seed-key',
  '-o',
  out,
]

if (!existsSync(join(project, 'dist/domicile.js'))) {
  console.error('dist/domicile.js is not there: run `npm ci` first, which bundles the program.')
  process.exit(1)
}

// An older report must not stand in for one that this run failed to write.
rmSync(join(project, out), { recursive: true, force: true })

console.log('The captures of this example are synthetic: they say nothing about what the vendor did.\n')
console.log(`$ node ${command.join(' ')}\n`)
const { status, error } = spawnSync(process.execPath, command, { cwd: project, stdio: 'inherit' })
if (error) throw error

const report = join(project, out, 'report.html')
const conclusion = conclusionOf(join(project, out, 'report.json'))
console.log(`\nExit status of the audit: ${status}`)
if (status !== 1 || conclusion !== 'fail' || !existsSync(report)) {
  console.error(`This evidence deserves a fail (exit status 1), and the audit said ${conclusion ?? 'nothing'}.`)
  process.exit(1)
}
console.log(
  'That is a fail, as this evidence deserves: in August the phone told its IMEI and number before anybody had agreed, and after the\n' +
    'deadline flows still go to Beijing, some of them to Amazon there.',
)
console.log(`The report: ${report}`)

/** The conclusion of a report.json; null where there is none. */
function conclusionOf(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).conclusion : null
}
