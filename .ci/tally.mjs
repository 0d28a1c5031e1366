// Adds up what the suites and checks of .ci/run left in a folder. Skipped tests, suites that did not load and suites that left
// no result count as failed.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = process.argv[2] ?? '.'
let passed = 0
let failed = 0
for (const suite of ['unit', 'system', 'cloud']) {
  const file = join(folder, `${suite}.json`)
  if (!existsSync(file)) {
    console.log(`the ${suite} suite left no result`)
    failed++
    continue
  }
  const result = JSON.parse(readFileSync(file, 'utf8'))
  const unloaded = result.testResults.filter((t) => t.status === 'failed' && t.assertionResults.length === 0)
  const skipped = result.testResults.flatMap((t) =>
    t.assertionResults.filter((a) => !['passed', 'failed'].includes(a.status)).map((a) => a.fullName),
  )
  for (const name of skipped) console.log(`skipped, which is a failure here: ${name}`)
  for (const t of unloaded) console.log(`did not load: ${t.name}`)
  passed += result.numPassedTests
  failed += result.numFailedTests + skipped.length + unloaded.length
}
for (const file of readdirSync(folder).filter((name) => name.endsWith('.check'))) {
  if (readFileSync(join(folder, file), 'utf8').trim() === 'pass') passed++
  else failed++
}
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
