/** Lines around land on the sphere: how they are written, and how far a point is from what they surround. */
import { EARTH_RADIUS_KM, type Point } from '../distance.ts'

/** Outlines are written in steps of a fiftieth of a degree, at most 2.2 km. */
export const STEPS_PER_DEGREE = 50

/** No two neighbours among the corners of a ring are farther apart, in km; a search leaves out what that puts out of reach. */
export const LONGEST_ARC_KM = 160

/** A point on the sphere of radius 1. */
type Vector = readonly [x: number, y: number, z: number]

/** A closed line around land, or around a lake or another country within it. */
export interface Ring {
  /**
   * Its corners; the first is not repeated at the end. Longitudes go on beyond 180 degrees where the line crosses the 180th
   * meridian, and a line around a pole goes to the pole and back.
   */
  readonly corners: readonly Point[]
  readonly vectors: readonly Vector[]
}

export const ringOf = (corners: readonly Point[]): Ring => ({ corners, vectors: corners.map(vectorOf) })

/** Reads rings: `;` between them, and a ring's corners as steps from the one before, longitude first. */
export function readRings(text: string): readonly Ring[] {
  return text.split(';').map((ring) => {
    const steps = ring.split(' ').map(Number)
    const corners: Point[] = []
    for (let i = 0, east = 0, north = 0; i < steps.length; i += 2) {
      east += steps[i] ?? 0
      north += steps[i + 1] ?? 0
      corners.push({ latitude: north / STEPS_PER_DEGREE, longitude: east / STEPS_PER_DEGREE })
    }
    return ringOf(corners)
  })
}

/** Writes what {@link readRings} reads, to the nearest step. */
export function writeRings(rings: readonly Ring[]): string {
  const texts = rings.map(({ corners }) => {
    let [east, north] = [0, 0]
    return corners
      .flatMap(({ latitude, longitude }) => {
        const to = [Math.round(longitude * STEPS_PER_DEGREE), Math.round(latitude * STEPS_PER_DEGREE)] as const
        const step = [to[0] - east, to[1] - north]
        ;[east, north] = to
        return step
      })
      .join(' ')
  })
  return texts.join(';')
}

/** The great-circle distance in km from a point to what the rings surround; 0 inside. */
export function kmToRings(point: Point, rings: readonly Ring[]): number {
  if (isInside(point, rings)) return 0
  const from = vectorOf(point)
  let nearest = Math.PI
  for (const { vectors } of rings) nearest = angleToLine(from, vectors, nearest)
  return nearest * EARTH_RADIUS_KM
}

/** Whether a line to the north crosses the rings an odd number of times. */
function isInside({ latitude, longitude }: Point, rings: readonly Ring[]): boolean {
  let inside = false
  // A ring that crosses the 180th meridian has one side of it a turn farther east or west.
  for (const east of [longitude - 360, longitude, longitude + 360])
    for (const { corners } of rings) {
      let a = corners[corners.length - 1]
      for (const b of corners) {
        if (a && a.longitude > east !== b.longitude > east) {
          const part = (east - a.longitude) / (b.longitude - a.longitude)
          if (latitude < a.latitude + part * (b.latitude - a.latitude)) inside = !inside
        }
        a = b
      }
    }
  return inside
}

/** The angle in radians from a point to the nearest point of a closed line of arcs, or `nearest` where that is smaller. */
function angleToLine(from: Vector, line: readonly Vector[], nearest: number): number {
  let least = nearest
  // An arc that ends farther off than this has no point that is nearer.
  let reach = Math.cos(Math.min(Math.PI, least + LONGEST_ARC_KM / EARTH_RADIUS_KM))
  let a = line[line.length - 1]
  for (const b of line) {
    if (dot(from, b) >= reach) {
      const angle = Math.min(angleToPoint(from, b), a ? angleToArc(from, a, b) : Infinity)
      if (angle < least) {
        least = angle
        reach = Math.cos(Math.min(Math.PI, least + LONGEST_ARC_KM / EARTH_RADIUS_KM))
      }
    }
    a = b
  }
  return least
}

/** The angle to an arc where the nearest point of its great circle lies on it; its ends are {@link angleToPoint}'s. */
function angleToArc(from: Vector, a: Vector, b: Vector): number {
  const pole = cross(a, b)
  const length = Math.sqrt(dot(pole, pole))
  // Too short an arc, such as one from a point to itself, has no great circle.
  if (length < 1e-12) return Infinity
  if (dot(cross(pole, a), from) <= 0 || dot(cross(b, pole), from) <= 0) return Infinity
  return Math.asin(Math.min(1, Math.abs(dot(pole, from)) / length))
}

/** By the chord, which is exact for near points, where the cosine is not. */
function angleToPoint(a: Vector, b: Vector): number {
  const chord = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
  return 2 * Math.asin(Math.min(1, chord / 2))
}

const RADIANS = Math.PI / 180

function vectorOf({ latitude, longitude }: Point): Vector {
  const across = Math.cos(latitude * RADIANS)
  return [across * Math.cos(longitude * RADIANS), across * Math.sin(longitude * RADIANS), Math.sin(latitude * RADIANS)]
}

const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]

const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
]
