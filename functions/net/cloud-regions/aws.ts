/**
 * Where AWS's regions stand. Origin: AWS's documentation of its regions, Local Zones and Wavelength Zones
 * (docs.aws.amazon.com: general/latest/gr/rande, local-zones/latest/ug/available-local-zones,
 * wavelength/latest/developerguide/available-wavelength-zones), its announcements for China, the European Sovereign Cloud
 * and the US government's partitions, and for the ISO 3166-2 codes and cities the geofeed of AS16509 of 2026-08-22, held
 * against that of 2025-09-18. A subdivision or city on which these differ is null, and so is one that AWS does not tell.
 * Where the geofeed errs by the standard, the standard's code stands here: Hong Kong is HK, Hanoi VN-HN, Brandenburg DE-BB.
 * Coordinates are those of the city or, without one, of the area that the region is named after, to about 10 km.
 */
import { unplacedZones, zones } from './aws-zones.ts'
import { factsOf, type RegionFacts, type Row } from './region-facts.ts'

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

/** AWS's partitions by how the names of their regions begin; every other region is in `aws`. */
const partitions: readonly (readonly [start: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['eusc-', 'aws-eusc'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['us-isof-', 'aws-iso-f'],
]

/** The facts of AWS's regions, then of its zones. */
export const awsRegions: readonly RegionFacts[] = [...regions, ...zones].map((row) => {
  const [name] = row
  const region = regions.find(([of]) => name.startsWith(`${of}-`))?.[0]
  const partition = partitions.find(([start]) => name.startsWith(start))?.[1] ?? 'aws'
  return factsOf('aws', row, partition, region === undefined ? null : `aws:${region}`)
})

/** Keys of zones that AWS publishes and whose place nothing public tells. */
export const awsUnplaced: readonly string[] = unplacedZones.map((name) => `aws:${name}`)
