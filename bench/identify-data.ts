/** Payload without any identifier but one at its end: random bytes, telemetry in JSON, and forms. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Seed } from '../functions/model.ts'

const folder = resolve(import.meta.dirname, 'data')
export const size = 20_000_000
/** The one that is there, so that everybody finds one. */
export const planted = '001010123451000'

const values: readonly ((i: number) => Omit<Seed, 'id'>)[] = [
  (i) => ({ kind: 'imei', value: `00101012345${1000 + i}` }),
  (i) => ({ kind: 'imsi', value: `00101098765${4000 + i}` }),
  (i) => ({ kind: 'phone', value: `+120255501${10 + i}` }),
  (i) => ({ kind: 'contact-phone', value: `+4477009001${10 + i}` }),
  (i) => ({ kind: 'wifi-mac', value: `02:00:5e:10:00:${10 + i}` }),
  (i) => ({ kind: 'email', value: `tester.${i}@example.com` }),
  (i) => ({ kind: 'contact-name', value: `Test Contact-${i}` }),
  (i) => ({ kind: 'advertising-id', value: `38400000-8cf0-11bd-b23e-10b96e4000${10 + i}` }),
  (i) => ({ kind: 'android-id', value: `9774d56d682e54${10 + i}` }),
  (i) => ({ kind: 'message', value: `a planted message with the number ${i}` }),
]

export const fortySeeds: readonly Seed[] = Array.from({ length: 40 }, (_, i) => {
  const make = values[i % values.length] as (i: number) => Omit<Seed, 'id'>
  return { id: `seed-${i}`, ...make(i) }
})

const hash = (text: string) => createHash('sha512').update(text).digest()

const makers: Readonly<Record<string, (i: number) => Buffer>> = {
  random: (i) => hash(`${i}`),
  json: (i) => {
    const random = hash(`${i}`)
    const event = {
      event: 'screen_view',
      timestamp: 1414454400000 + i * 977,
      properties: {
        screen: 'settings',
        duration_ms: random.readUInt16BE(),
        scroll: random.readUInt16BE(2) / 65536,
        referrer: 'home screen',
      },
      session: random.subarray(4, 10).toString('hex'),
      device: { model: 'HM 1S', os: 'Android 4.3', locale: 'en_IN', battery: random[10] },
    }
    return Buffer.from(`${JSON.stringify(event)}\n`)
  },
  forms: (i) => {
    const random = hash(`${i}`)
    return Buffer.from(
      `&e=view&t=${1414454400000 + i * 977}&title=${encodeURIComponent('Settings & more: page ')}${random[0]}&s=${random.readUInt32BE()}&lang=en-IN`,
    )
  },
}

/** @returns paths by what they hold; made once */
export function identifyData(): Readonly<Record<string, string>> {
  mkdirSync(folder, { recursive: true })
  return Object.fromEntries(
    Object.entries(makers).map(([name, make]) => {
      const path = join(folder, `identify-${size / 1e6}-mb-${name}.bin`)
      if (!existsSync(path)) {
        const parts: Buffer[] = []
        for (let i = 0, length = 0; length < size; i++) length += parts[parts.push(make(i)) - 1]?.length ?? 0
        writeFileSync(path, Buffer.concat([...parts, Buffer.from(`\n"id":"${planted}"\n`)]))
      }
      return [name, path]
    }),
  )
}
