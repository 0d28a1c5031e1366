/** Distances on the Earth. */

export interface Point {
  /** Degrees, WGS 84, north positive. */
  readonly latitude: number
  /** Degrees, WGS 84, east positive. */
  readonly longitude: number
}

/** Mean radius of the Earth in km (R1 of the International Union of Geodesy and Geophysics for GRS 80). */
export const EARTH_RADIUS_KM = 6371.0088

const RADIANS = Math.PI / 180

/**
 * The great-circle distance between two points in km, on a sphere of the Earth's mean radius (the haversine formula, which
 * is exact for near points as well). The Earth is flatter: the way over its ellipsoid is up to 0.6 % shorter or longer.
 *
 * @example kmBetween({ latitude: 37.5, longitude: -122.1 }, { latitude: 39.9, longitude: 116.4 }) // about 9500
 */
export function kmBetween(a: Point, b: Point): number {
  const north = Math.sin(((b.latitude - a.latitude) * RADIANS) / 2)
  const east = Math.sin(((b.longitude - a.longitude) * RADIANS) / 2)
  const haversine = north ** 2 + Math.cos(a.latitude * RADIANS) * Math.cos(b.latitude * RADIANS) * east ** 2
  // Rounding may carry the haversine of opposite points past 1.
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(Math.min(1, haversine)))
}
