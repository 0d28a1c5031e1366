/** What is known of where a cloud's region stands, and how the tables of the providers write it. */

export interface RegionFacts {
  /** With its provider, because two providers may both have a `us-west-1`: `aws:us-west-2`, `aws:us-west-2-lax-1`. */
  readonly key: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** ISO 3166-2; null where the provider does not tell, or public sources differ. */
  readonly subdivision: string | null
  readonly city: string | null
  /** Degrees, WGS 84, to about 10 km; null where the place is not public. */
  readonly latitude: number | null
  readonly longitude: number | null
  /** The provider's name of the separate set of regions: `aws-cn`, `AzureUSGovernment`, `oc4`. */
  readonly partition: string
  /** Key of the region that a zone belongs to and may stand far from; null for a region. */
  readonly zoneOf: string | null
}

/** A line of a provider's table. Coordinates are left out where the place is not public. */
export type Row = readonly [
  name: string,
  country: string,
  subdivision: string | null,
  city: string | null,
  latitude?: number,
  longitude?: number,
]

/** The facts of one line. */
export function factsOf(provider: string, row: Row, partition: string, zoneOf: string | null = null): RegionFacts {
  const [name, country, subdivision, city, latitude = null, longitude = null] = row
  return { key: `${provider}:${name}`, country, subdivision, city, latitude, longitude, partition, zoneOf }
}
