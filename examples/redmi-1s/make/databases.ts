/**
 * Two databases for the example, as if they had been built in the month of the packets: what the registries and DB-IP say
 * today of the networks of the three addresses in Beijing. Databases of 2014 may not be passed on; an auditor takes one of the month.
 */
import { createHash } from 'node:crypto'
import { mmdb } from '../../../test/support/mmdb.ts'

const built = Date.UTC(2014, 9, 15) / 1000

/** A file to write: its path below the campaign folder, and what it says. */
export interface MadeDatabase {
  readonly path: string
  readonly content: Buffer
}

function made(source: string, records: Parameters<typeof mmdb>[0]): MadeDatabase {
  const content = mmdb(records, { built, type: `Example ${source}` })
  const sha256 = createHash('sha256').update(content).digest('hex')
  return { path: `reference/database/${source}/2014-10-15.${sha256}.mmdb`, content }
}

export function makeDatabases(): MadeDatabase[] {
  return [
    made('example-cities', {
      '42.62.94.0/24': { country_code: 'CN', state1: 'Beijing', city: 'Beijing' },
      '120.134.33.0/24': { country_code: 'CN', state1: 'Beijing', city: 'Beijing' },
    }),
    made('example-delegations', {
      '42.62.0.0/17': { country_code: 'CN' },
      '120.134.0.0/17': { country_code: 'CN' },
    }),
  ]
}
