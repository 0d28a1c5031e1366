/**
 * Where AWS's Local Zones and Wavelength Zones stand, by their network border group. Sources: see aws.ts, and of the zones
 * local-zones/latest/ug/available-local-zones and wavelength/latest/developerguide/available-wavelength-zones there.
 */
import type { Row } from './region-facts.ts'

export const zones: readonly Row[] = [
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

/**
 * Zones that AWS has published addresses of, and of which nothing public says where they stand. Their region is no answer:
 * `us-east-1` has a zone in Buenos Aires.
 */
export const unplacedZones: readonly string[] = [
  'us-east-1-pilot-1',
  'us-east-1-pilot-3',
  'us-east-1-pilot-4',
  'us-east-1-pilot-5',
  'us-east-1-pilot-6',
  'us-east-2-pilot-1',
  'us-west-2-pilot-1',
  'us-west-2-pilot-2',
  'us-west-2-pilot-3',
]
