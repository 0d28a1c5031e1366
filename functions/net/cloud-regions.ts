/**
 * Where the regions and zones of a cloud stand. Origin: AWS's documentation of its regions, Local Zones and Wavelength
 * Zones (docs.aws.amazon.com: general/latest/gr/rande, local-zones/latest/ug/available-local-zones,
 * wavelength/latest/developerguide/available-wavelength-zones), its announcements for China, the European Sovereign Cloud
 * and the US government's partitions, and for the ISO 3166-2 codes and cities the geofeed of AS16509 of 2026-08-22, held
 * against that of 2025-09-18. A subdivision or city on which these differ is null, and so is one that AWS does not tell.
 * Where the geofeed errs by the standard, the standard's code stands here: Hong Kong is HK, Hanoi VN-HN, Brandenburg DE-BB.
 * Coordinates are those of the city or, without one, of the area that the region is named after, to about 10 km.
 */

export interface RegionFacts {
  /** With its provider, because two providers may both have a `us-west-1`: `aws:us-west-2`, `aws:us-west-2-lax-1`. */
  readonly key: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** ISO 3166-2. */
  readonly subdivision: string | null
  readonly city: string | null
  /** Degrees, WGS 84; null where the place is not public. */
  readonly latitude: number | null
  readonly longitude: number | null
  /** AWS's name of the separate set of regions, such as `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string
  /** Key of the region that a zone belongs to and may stand far from; null for a region. */
  readonly zoneOf: string | null
}

type Row = readonly [
  name: string,
  country: string,
  subdivision: string | null,
  city: string | null,
  latitude?: number,
  longitude?: number,
]

const regions: readonly Row[] = [
  ['af-south-1', 'ZA', 'ZA-WC', 'Cape Town', -33.92, 18.42],
  ['ap-east-1', 'HK', null, 'Hong Kong', 22.3, 114.17],
  ['ap-east-2', 'TW', 'TW-TPE', 'Taipei', 25.03, 121.57],
  ['ap-northeast-1', 'JP', 'JP-13', 'Tokyo', 35.68, 139.69],
  ['ap-northeast-2', 'KR', null, null, 37.52, 126.85], // Seoul; KR-11 or KR-28
  ['ap-northeast-3', 'JP', 'JP-27', 'Osaka', 34.69, 135.5],
  ['ap-south-1', 'IN', 'IN-MH', 'Mumbai', 19.08, 72.88],
  ['ap-south-2', 'IN', 'IN-TS', 'Hyderabad', 17.39, 78.49],
  ['ap-southeast-1', 'SG', null, 'Singapore', 1.35, 103.82],
  ['ap-southeast-2', 'AU', 'AU-NSW', 'Sydney', -33.87, 151.21],
  ['ap-southeast-3', 'ID', 'ID-JK', 'Jakarta', -6.2, 106.85],
  ['ap-southeast-4', 'AU', 'AU-VIC', 'Melbourne', -37.81, 144.96],
  ['ap-southeast-5', 'MY', 'MY-14', 'Kuala Lumpur', 3.14, 101.69],
  ['ap-southeast-6', 'NZ', 'NZ-AUK', 'Auckland', -36.85, 174.76],
  ['ap-southeast-7', 'TH', 'TH-10', 'Bangkok', 13.75, 100.5],
  ['ca-central-1', 'CA', 'CA-QC', 'Montreal', 45.5, -73.57],
  ['ca-west-1', 'CA', 'CA-AB', 'Calgary', 51.05, -114.07],
  ['cn-north-1', 'CN', 'CN-BJ', 'Beijing', 39.9, 116.4],
  ['cn-northwest-1', 'CN', 'CN-NX', 'Zhongwei', 37.5, 105.19],
  ['eu-central-1', 'DE', 'DE-HE', 'Frankfurt am Main', 50.11, 8.68],
  ['eu-central-2', 'CH', 'CH-ZH', 'Zurich', 47.38, 8.54],
  ['eu-north-1', 'SE', 'SE-AB', 'Stockholm', 59.33, 18.07],
  ['eu-south-1', 'IT', 'IT-MI', 'Milan', 45.46, 9.19],
  ['eu-south-2', 'ES', 'ES-AR', 'Zaragoza', 41.65, -0.88],
  ['eu-west-1', 'IE', 'IE-D', 'Dublin', 53.35, -6.26],
  ['eu-west-2', 'GB', 'GB-LND', 'London', 51.51, -0.13],
  ['eu-west-3', 'FR', 'FR-75C', 'Paris', 48.86, 2.35],
  ['eusc-de-east-1', 'DE', 'DE-BB', null, 52.4, 13.06],
  ['il-central-1', 'IL', 'IL-TA', 'Tel Aviv-Yafo', 32.07, 34.78],
  ['me-central-1', 'AE', 'AE-DU', 'Dubai', 25.2, 55.27],
  ['me-south-1', 'BH', null, null, 26.07, 50.55],
  ['me-west-1', 'SA', 'SA-01', 'Riyadh', 24.7, 46.7],
  ['mx-central-1', 'MX', 'MX-QUE', 'Querétaro', 20.59, -100.39],
  ['sa-east-1', 'BR', 'BR-SP', 'São Paulo', -23.55, -46.63],
  ['sa-west-1', 'CL', 'CL-RM', 'Santiago', -33.45, -70.67],
  ['us-east-1', 'US', 'US-VA', 'Ashburn', 39.04, -77.49],
  ['us-east-2', 'US', 'US-OH', 'Columbus', 39.96, -83.0],
  ['us-gov-east-1', 'US', 'US-OH', 'Columbus', 39.96, -83.0],
  ['us-gov-west-1', 'US', 'US-OR', 'Boardman', 45.84, -119.7],
  ['us-iso-east-1', 'US', null, null],
  ['us-iso-west-1', 'US', null, null],
  ['us-isob-east-1', 'US', 'US-OH', null],
  ['us-isob-west-1', 'US', null, null],
  ['us-isof-east-1', 'US', null, null],
  ['us-isof-south-1', 'US', null, null],
  ['us-south-1', 'US', 'US-TX', 'Dallas', 32.78, -96.8],
  ['us-west-1', 'US', 'US-CA', null, 37.5, -122.1], // San Francisco or San Jose
  ['us-west-2', 'US', 'US-OR', 'Boardman', 45.84, -119.7],
]

/**
 * Local Zones and Wavelength Zones by their network border group. AWS's pilot zones (`us-east-1-pilot-1`) are missing
 * because nothing public says where they stand: a zone's region is no answer, `us-east-1` has one in Buenos Aires.
 */
const zones: readonly Row[] = [
  ['af-south-1-los-1', 'NG', 'NG-LA', 'Lagos', 6.45, 3.4],
  ['ap-northeast-1-tpe-1', 'TW', null, 'Taipei', 25.03, 121.57],
  ['ap-northeast-1-wl1-kix-wlz-1', 'JP', 'JP-27', 'Osaka', 34.69, 135.5],
  ['ap-northeast-1-wl1-nrt-wlz-1', 'JP', 'JP-13', 'Tokyo', 35.68, 139.69],
  ['ap-northeast-2-wl1-cjj-wlz-1', 'KR', 'KR-30', 'Daejeon', 36.35, 127.38],
  ['ap-south-1-ccu-1', 'IN', 'IN-WB', 'Kolkata', 22.57, 88.36],
  ['ap-south-1-ccu-2', 'IN', 'IN-WB', 'Kolkata', 22.57, 88.36],
  ['ap-south-1-del-1', 'IN', 'IN-DL', 'Delhi', 28.61, 77.21],
  ['ap-south-1-del-2', 'IN', 'IN-DL', 'Delhi', 28.61, 77.21],
  ['ap-southeast-1-bkk-1', 'TH', 'TH-10', 'Bangkok', 13.75, 100.5],
  ['ap-southeast-1-han-1', 'VN', 'VN-HN', 'Hanoi', 21.03, 105.85],
  ['ap-southeast-1-mnl-1', 'PH', 'PH-00', 'Manila', 14.6, 120.98],
  ['ap-southeast-1-sggov-sin-1a', 'SG', null, 'Singapore', 1.35, 103.82],
  ['ap-southeast-1-sggov-sin-1b', 'SG', null, 'Singapore', 1.35, 103.82],
  ['ap-southeast-1-sggov-sin-2', 'SG', null, 'Singapore', 1.35, 103.82],
  ['ap-southeast-2-akl-1', 'NZ', 'NZ-AUK', 'Auckland', -36.85, 174.76],
  ['ap-southeast-2-per-1', 'AU', 'AU-WA', 'Perth', -31.95, 115.86],
  ['ca-central-1-wl1-yto-wlz-1', 'CA', 'CA-ON', 'Toronto', 43.65, -79.38],
  ['eu-central-1-ath-1', 'GR', 'GR-I', 'Athens', 37.98, 23.73],
  ['eu-central-1-ham-1', 'DE', 'DE-HH', 'Hamburg', 53.55, 9.99],
  ['eu-central-1-ist-1', 'TR', 'TR-34', 'Istanbul', 41.01, 28.98],
  ['eu-central-1-waw-1', 'PL', 'PL-14', 'Warsaw', 52.23, 21.01],
  ['eu-central-1-wl1-ber-wlz-1', 'DE', 'DE-BE', 'Berlin', 52.52, 13.4],
  ['eu-central-1-wl1-dtm-wlz-1', 'DE', 'DE-NW', 'Dortmund', 51.51, 7.47],
  ['eu-central-1-wl1-muc-wlz-1', 'DE', 'DE-BY', 'Munich', 48.14, 11.58],
  ['eu-north-1-cph-1', 'DK', 'DK-84', 'Copenhagen', 55.68, 12.57],
  ['eu-north-1-hel-1', 'FI', 'FI-18', 'Helsinki', 60.17, 24.94],
  ['eu-west-2-wl1-lon-wlz-1', 'GB', 'GB-LND', 'London', 51.51, -0.13],
  ['eu-west-2-wl2-man-wlz-1', 'GB', 'GB-MAN', 'Manchester', 53.48, -2.24],
  ['me-south-1-mct-1', 'OM', 'OM-MA', 'Muscat', 23.59, 58.41],
  ['us-east-1-atl-1', 'US', 'US-GA', 'Atlanta', 33.75, -84.39],
  ['us-east-1-atl-2', 'US', 'US-GA', 'Atlanta', 33.75, -84.39],
  ['us-east-1-bos-1', 'US', 'US-MA', 'Boston', 42.36, -71.06],
  ['us-east-1-bue-1', 'AR', null, 'Buenos Aires', -34.6, -58.38],
  ['us-east-1-chi-1', 'US', 'US-IL', 'Chicago', 41.88, -87.63],
  ['us-east-1-chi-2', 'US', 'US-IL', 'Chicago', 41.88, -87.63],
  ['us-east-1-dfw-1', 'US', 'US-TX', 'Dallas', 32.78, -96.8],
  ['us-east-1-dfw-2', 'US', 'US-TX', 'Dallas', 32.78, -96.8],
  ['us-east-1-foe-wlz-1', 'US', 'US-KS', 'Lenexa', 38.95, -94.73],
  ['us-east-1-iah-1', 'US', 'US-TX', 'Houston', 29.76, -95.37],
  ['us-east-1-iah-2', 'US', 'US-TX', 'Houston', 29.76, -95.37],
  ['us-east-1-lim-1', 'PE', null, 'Lima', -12.05, -77.04],
  ['us-east-1-mci-1', 'US', 'US-MO', 'Kansas City', 39.1, -94.58],
  ['us-east-1-mia-1', 'US', 'US-FL', 'Miami', 25.76, -80.19],
  ['us-east-1-mia-2', 'US', 'US-FL', 'Miami', 25.76, -80.19],
  ['us-east-1-msp-1', 'US', 'US-MN', 'Minneapolis', 44.98, -93.27],
  ['us-east-1-nyc-1', 'US', null, null, 40.6, -74.3], // New York City, or New Jersey near it
  ['us-east-1-nyc-2', 'US', 'US-NJ', null, 40.5, -74.5],
  ['us-east-1-phl-1', 'US', 'US-PA', 'Philadelphia', 39.95, -75.17],
  ['us-east-1-qro-1', 'MX', 'MX-QUE', 'Querétaro', 20.59, -100.39],
  ['us-east-1-scl-1', 'CL', 'CL-RM', 'Santiago', -33.45, -70.67],
  ['us-east-1-wl1-atl-wlz-1', 'US', 'US-GA', 'Atlanta', 33.75, -84.39],
  ['us-east-1-wl1-bna-wlz-1', 'US', 'US-TN', 'Nashville', 36.16, -86.78],
  ['us-east-1-wl1-bos-wlz-1', 'US', 'US-MA', null, 42.3, -71.3], // Boston or Westborough
  ['us-east-1-wl1-chi-wlz-1', 'US', null, null, 42.4, -87.8], // Chicago or Milwaukee
  ['us-east-1-wl1-clt-wlz-1', 'US', 'US-NC', 'Charlotte', 35.23, -80.84],
  ['us-east-1-wl1-dfw-wlz-1', 'US', 'US-TX', 'Dallas', 32.78, -96.8],
  ['us-east-1-wl1-dtw-wlz-1', 'US', 'US-MI', 'Detroit', 42.33, -83.05],
  ['us-east-1-wl1-iah-wlz-1', 'US', 'US-TX', 'Houston', 29.76, -95.37],
  ['us-east-1-wl1-mia-wlz-1', 'US', 'US-FL', 'Miami', 25.76, -80.19],
  ['us-east-1-wl1-msp-wlz-1', 'US', 'US-MN', 'Minneapolis', 44.98, -93.27],
  ['us-east-1-wl1-nyc-wlz-1', 'US', null, null, 40.5, -74.4], // New York or Trenton
  ['us-east-1-wl1-tpa-wlz-1', 'US', 'US-FL', 'Tampa', 27.95, -82.46],
  ['us-east-1-wl1-was-wlz-1', 'US', null, null, 39.1, -76.8], // Washington or Baltimore
  ['us-east-2-jan-1', 'US', 'US-MS', 'Jackson', 32.3, -90.18],
  ['us-west-2-den-1', 'US', 'US-CO', 'Denver', 39.74, -104.99],
  ['us-west-2-hnl-1', 'US', 'US-HI', 'Honolulu', 21.31, -157.86],
  ['us-west-2-las-1', 'US', 'US-NV', 'Las Vegas', 36.17, -115.14],
  ['us-west-2-las-1b', 'US', 'US-NV', 'Las Vegas', 36.17, -115.14],
  ['us-west-2-lax-1', 'US', 'US-CA', 'Los Angeles', 34.05, -118.24],
  ['us-west-2-pdx-1', 'US', 'US-OR', 'Portland', 45.52, -122.68],
  ['us-west-2-phx-1', 'US', 'US-AZ', 'Phoenix', 33.45, -112.07],
  ['us-west-2-phx-2', 'US', 'US-AZ', 'Phoenix', 33.45, -112.07],
  ['us-west-2-sea-1', 'US', 'US-WA', 'Seattle', 47.61, -122.33],
  ['us-west-2-wl1-den-wlz-1', 'US', 'US-CO', 'Denver', 39.74, -104.99],
  ['us-west-2-wl1-las-wlz-1', 'US', 'US-NV', 'Las Vegas', 36.17, -115.14],
  ['us-west-2-wl1-lax-wlz-1', 'US', 'US-CA', 'Los Angeles', 34.05, -118.24],
  ['us-west-2-wl1-phx-wlz-1', 'US', 'US-AZ', 'Phoenix', 33.45, -112.07],
  ['us-west-2-wl1-sea-wlz-1', 'US', 'US-WA', 'Seattle', 47.61, -122.33],
  ['us-west-2-wl1-sfo-wlz-1', 'US', 'US-CA', null, 37.9, -122.0], // San Francisco or Sacramento
]

/** AWS's partitions by how the names of their regions begin; every other region is in `aws`. */
const partitions: readonly (readonly [start: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['eusc-', 'aws-eusc'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['us-isof-', 'aws-iso-f'],
]

function factsOf([name, country, subdivision, city, latitude, longitude]: Row): RegionFacts {
  const parent = regions.find(([region]) => name.startsWith(`${region}-`))?.[0]
  return {
    key: `aws:${name}`,
    country,
    subdivision,
    city,
    latitude: latitude ?? null,
    longitude: longitude ?? null,
    partition: partitions.find(([start]) => name.startsWith(start))?.[1] ?? 'aws',
    zoneOf: parent === undefined ? null : `aws:${parent}`,
  }
}

const facts: ReadonlyMap<string, RegionFacts> = new Map(
  [...regions, ...zones].map((row) => [`aws:${row[0]}`, factsOf(row)]),
)

/** Keys of every region and zone whose place is known, regions first. */
export const regionKeys: readonly string[] = [...facts.keys()]

/** What is known of a region or zone, by its key; null where nothing is, and then nothing may be guessed. */
export function regionFacts(key: string): RegionFacts | null {
  return facts.get(key) ?? null
}
