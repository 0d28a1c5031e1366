/** What was seen of an address, as a command line says it: how fast it answered a rig, and for which names a resolver gave it. */
import { InputError } from '../errors.ts'
import { refiner } from '../locate/refine.ts'
import type { Handshake, Sightings } from '../model.ts'

export interface SeenOptions {
  /** `28.61,77.21`: degrees, WGS 84. */
  readonly rig?: string
  /** Milliseconds. */
  readonly handshake?: string
  readonly name?: readonly string[]
}

/** @throws InputError that shows what to write */
export function parseSeen({ rig, handshake, name = [] }: SeenOptions): Sightings {
  if ((rig === undefined) !== (handshake === undefined))
    throw new InputError(
      '--rig and --handshake belong together: where the rig stands, and how many milliseconds passed between SYN and SYN-ACK',
    )
  const seen = rig === undefined || handshake === undefined ? [] : [parseHandshake(rig, handshake)]
  const names = refiner.telling(name.map((text) => ({ name: text, via: 'dns' })))
  return { handshakes: seen, names, ownNetworks: [] }
}

function parseHandshake(rig: string, text: string): Handshake {
  const [latitude = Number.NaN, longitude = Number.NaN, ...more] = rig.split(',').map(degrees)
  const isPair = more.length === 0 && !Number.isNaN(latitude) && !Number.isNaN(longitude)
  if (isPair && Math.abs(latitude) > 90)
    throw new InputError(
      `--rig ${rig}: ${latitude} is no latitude, which lies between -90 and 90; write latitude first, such as 28.61,77.21`,
    )
  if (isPair && Math.abs(longitude) > 180)
    throw new InputError(
      `--rig ${rig}: ${longitude} is no longitude, which lies between -180 and 180; write such as 28.61,77.21`,
    )
  if (!isPair) throw new InputError(`--rig ${rig}: write latitude and longitude in degrees, such as 28.61,77.21`)
  const rttMs = degrees(text)
  if (!(rttMs > 0)) throw new InputError(`--handshake ${text}: write milliseconds above 0, such as 4.2`)
  return { vantage: { rig: `${latitude},${longitude}`, place: 'as given', latitude, longitude }, port: null, rttMs }
}

const degrees = (text: string) => (/^\s*-?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : Number.NaN)
