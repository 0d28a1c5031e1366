/**
 * Where Google Cloud's regions stand. Origin: Google's tables of locations, looked up on 2026-11-22 (docs.cloud.google.com:
 * compute/docs/regions-zones, tasks/docs/locations and infrastructure-manager/docs/locations for the towns,
 * memorystore/docs/memcached/regions for Johannesburg). Where one page of Google's gives a town that others do not (the
 * GKE On-Prem API's "Los Angeles" for `us-west3`), the place is that of the others, Salt Lake City.
 * Names are those of the `scope` in https://www.gstatic.com/ipranges/cloud.json. Coordinates are the town's, to about 10 km.
 */
import { factsOf, type RegionFacts, type Row } from './region-facts.ts'

const regions: readonly Row[] = [
  ['africa-south1', 'ZA', 'ZA-GP', 'Johannesburg', -26.2, 28.05],
  ['asia-east1', 'TW', 'TW-CHA', null, 24.05, 120.5], // Changhua County
  ['asia-east2', 'HK', null, 'Hong Kong', 22.3, 114.17],
  ['asia-northeast1', 'JP', 'JP-13', 'Tokyo', 35.68, 139.69],
  ['asia-northeast2', 'JP', 'JP-27', 'Osaka', 34.69, 135.5],
  ['asia-northeast3', 'KR', 'KR-11', 'Seoul', 37.57, 126.98],
  ['asia-south1', 'IN', 'IN-MH', 'Mumbai', 19.08, 72.88],
  ['asia-south2', 'IN', 'IN-DL', 'Delhi', 28.61, 77.21],
  ['asia-southeast1', 'SG', null, 'Singapore', 1.34, 103.71],
  ['asia-southeast2', 'ID', 'ID-JK', 'Jakarta', -6.2, 106.85],
  ['asia-southeast3', 'TH', 'TH-10', 'Bangkok', 13.75, 100.5],
  ['australia-southeast1', 'AU', 'AU-NSW', 'Sydney', -33.87, 151.21],
  ['australia-southeast2', 'AU', 'AU-VIC', 'Melbourne', -37.81, 144.96],
  ['europe-central2', 'PL', 'PL-14', 'Warsaw', 52.23, 21.01],
  ['europe-north1', 'FI', 'FI-09', 'Hamina', 60.57, 27.2],
  ['europe-north2', 'SE', 'SE-AB', 'Stockholm', 59.33, 18.07],
  ['europe-southwest1', 'ES', 'ES-MD', 'Madrid', 40.42, -3.7],
  ['europe-west1', 'BE', 'BE-WHT', 'Saint-Ghislain', 50.45, 3.82],
  ['europe-west2', 'GB', null, 'London', 51.51, -0.13],
  ['europe-west3', 'DE', 'DE-HE', 'Frankfurt am Main', 50.11, 8.68],
  ['europe-west4', 'NL', 'NL-GR', 'Eemshaven', 53.44, 6.83],
  ['europe-west6', 'CH', 'CH-ZH', 'Zurich', 47.38, 8.54],
  ['europe-west8', 'IT', null, 'Milan', 45.46, 9.19],
  ['europe-west9', 'FR', null, 'Paris', 48.86, 2.35],
  ['europe-west10', 'DE', 'DE-BE', 'Berlin', 52.52, 13.4],
  ['europe-west12', 'IT', null, 'Turin', 45.07, 7.69],
  ['me-central1', 'QA', null, 'Doha', 25.29, 51.53],
  ['me-central2', 'SA', 'SA-04', 'Dammam', 26.43, 50.1],
  ['me-west1', 'IL', 'IL-TA', 'Tel Aviv-Yafo', 32.07, 34.78],
  ['northamerica-northeast1', 'CA', 'CA-QC', 'Montreal', 45.5, -73.57],
  ['northamerica-northeast2', 'CA', 'CA-ON', 'Toronto', 43.65, -79.38],
  ['northamerica-south1', 'MX', 'MX-QUE', 'Querétaro', 20.59, -100.39],
  ['southamerica-east1', 'BR', 'BR-SP', 'Osasco', -23.53, -46.79],
  ['southamerica-west1', 'CL', 'CL-RM', 'Santiago', -33.45, -70.67],
  ['us-central1', 'US', 'US-IA', 'Council Bluffs', 41.26, -95.86],
  ['us-central2', 'US', null, null], // the Cloud TPU's, in no table of locations
  ['us-east1', 'US', 'US-SC', 'Moncks Corner', 33.2, -80.01],
  ['us-east4', 'US', 'US-VA', 'Ashburn', 39.04, -77.49],
  ['us-east5', 'US', 'US-OH', 'Columbus', 39.96, -83.0],
  ['us-east7', 'US', null, null], // in no table of locations
  ['us-south1', 'US', 'US-TX', 'Dallas', 32.78, -96.8],
  ['us-west1', 'US', 'US-OR', 'The Dalles', 45.59, -121.18],
  ['us-west2', 'US', 'US-CA', 'Los Angeles', 34.05, -118.24],
  ['us-west3', 'US', 'US-UT', 'Salt Lake City', 40.76, -111.89],
  ['us-west4', 'US', 'US-NV', 'Las Vegas', 36.17, -115.14],
  ['us-west8', 'US', null, null], // in no table of locations
]

/** The facts of Google's regions, all of which are one cloud. */
export const googleRegions: readonly RegionFacts[] = regions.map((row) => factsOf('google', row, 'google'))
