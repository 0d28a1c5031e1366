/** `domicile explain OUT FINDING`: one finding's whole chain of evidence, from a report that an audit wrote. */
import { InputError } from '../errors.ts'
import type { Report } from '../model.ts'
import { explainFinding } from '../report/explain.ts'
import { placeIn, readPlace } from './places.ts'
import type { ExitStatus, Terminal } from './terminal.ts'

/**
 * @param out the folder that an audit wrote
 * @throws InputError where there is no report, or no such finding in it
 */
export async function run(out: string, finding: string, terminal: Terminal): Promise<ExitStatus> {
  await terminal.out(explainFinding(await readReport(placeIn(out, 'report.json')), finding))
  return 0
}

async function readReport(path: string): Promise<Report> {
  let report: Report
  try {
    report = JSON.parse(Buffer.from(await readPlace(path)).toString('utf8')) as Report
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    const why = error instanceof InputError ? said : `reading ${path}: ${said}`
    throw new InputError(`${why}; give the folder that \`domicile audit -o\` wrote`, { source: path })
  }
  if (report?.schema !== 'urn:domicile:schema:report-v1')
    throw new InputError(`reading ${path}: this is no report of Domicile (its schema is ${String(report?.schema)})`, {
      source: path,
    })
  return report
}
