/** `domicile explain OUT FINDING`: one finding's whole chain of evidence, from a report that an audit wrote. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InputError } from '../errors.ts'
import type { Report } from '../model.ts'
import { explainFinding } from '../report/explain.ts'
import type { ExitStatus, Terminal } from './terminal.ts'

/**
 * @param out the folder that an audit wrote
 * @throws InputError where there is no report, or no such finding in it
 */
export async function run(out: string, finding: string, terminal: Terminal): Promise<ExitStatus> {
  await terminal.out(explainFinding(readReport(join(out, 'report.json')), finding))
  return 0
}

function readReport(path: string): Report {
  let report: Report
  try {
    report = JSON.parse(readFileSync(path, 'utf8')) as Report
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new InputError(`reading ${path}: ${why}; give the folder that \`domicile audit -o\` wrote`, { source: path })
  }
  if (report?.schema !== 'urn:domicile:schema:report-v1')
    throw new InputError(`reading ${path}: this is no report of Domicile (its schema is ${String(report?.schema)})`, {
      source: path,
    })
  return report
}
