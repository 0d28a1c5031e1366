/**
 * Two databases for the example, as if they had been built in the months of the packets: what the registries and DB-IP say
 * today of the networks of the three addresses in Beijing. Databases of 2014 may not be passed on; an auditor takes one of the month.
 */
import { createHash } from 'node:crypto'
import { mmdb } from '../../../test/support/mmdb.ts'

const days = ['2014-08-05', '2014-10-15']

/** A file to write: its path below the campaign folder, and what it says. */
export interface MadeDatabase {
  readonly path: string
  readonly content: Buffer
}

function made(day: string, source: string, records: Parameters<typeof mmdb>[0]): MadeDatabase {
  const content = mmdb(records, { built: Date.parse(day) / 1000, type: `Example ${source}` })
  const sha256 = createHash('sha256').update(content).digest('hex')
  return { path: `reference/database/${source}/${day}.${sha256}.mmdb`, content }
}

export function makeDatabases(): MadeDatabase[] {
  return days.flatMap((day) => [
    made(day, 'example-cities', {
      '42.62.94.0/24': { country_code: 'CN', state1: 'Beijing', city: 'Beijing' },
      '120.134.33.0/24': { country_code: 'CN', state1: 'Beijing', city: 'Beijing' },
    }),
    made(day, 'example-delegations', {
      '42.62.0.0/17': { country_code: 'CN' },
      '120.134.0.0/17': { country_code: 'CN' },
    }),
  ])
}
