/**
 * Where the regions of Oracle Cloud Infrastructure stand. Origin, looked up on 2026-11-22: Oracle's lists of regions
 * (docs.oracle.com: iaas/Content/General/Concepts/regions, en-us/iaas/application-integration/doc/region-availability;
 * iaas/Content/gov-cloud/govfedramp for OC2; iaas/Content/General/Concepts/govuksouth for OC4), and the realms of Oracle's
 * SDKs (github.com/oracle/oci-go-sdk: common). Oracle names a town a region; `uk-cardiff-1` is in Newport, and
 * `eu-jovanovac-1` near Kragujevac. Of regions that it runs for one customer, or that only its ranges and SDKs name, the
 * name's country stands here and no more; `eu-dcc-rating-1` and `-2` are missing, since nothing of Oracle's says where
 * Rating is. Coordinates are the town's, to about 10 km.
 */
import { factsOf, type RegionFacts, type Row } from './region-facts.ts'

const commercial: readonly Row[] = [
  ['af-casablanca-1', 'MA', null, 'Casablanca', 33.57, -7.59],
  ['af-johannesburg-1', 'ZA', 'ZA-GP', 'Johannesburg', -26.2, 28.05],
  ['ap-batam-1', 'ID', 'ID-KR', 'Batam', 1.1, 104.03],
  ['ap-chuncheon-1', 'KR', null, 'Chuncheon', 37.88, 127.73],
  ['ap-delhi-1', 'IN', 'IN-DL', 'Delhi', 28.61, 77.21],
  ['ap-hyderabad-1', 'IN', 'IN-TS', 'Hyderabad', 17.39, 78.49],
  ['ap-kulai-2', 'MY', 'MY-01', 'Kulai', 1.66, 103.6],
  ['ap-melbourne-1', 'AU', 'AU-VIC', 'Melbourne', -37.81, 144.96],
  ['ap-mumbai-1', 'IN', 'IN-MH', 'Mumbai', 19.08, 72.88],
  ['ap-osaka-1', 'JP', 'JP-27', 'Osaka', 34.69, 135.5],
  ['ap-seoul-1', 'KR', 'KR-11', 'Seoul', 37.57, 126.98],
  ['ap-singapore-1', 'SG', null, 'Singapore', 1.35, 103.82],
  ['ap-singapore-2', 'SG', null, 'Singapore', 1.35, 103.72],
  ['ap-sydney-1', 'AU', 'AU-NSW', 'Sydney', -33.87, 151.21],
  ['ap-tokyo-1', 'JP', 'JP-13', 'Tokyo', 35.68, 139.69],
  ['ca-montreal-1', 'CA', 'CA-QC', 'Montreal', 45.5, -73.57],
  ['ca-toronto-1', 'CA', 'CA-ON', 'Toronto', 43.65, -79.38],
  ['eu-amsterdam-1', 'NL', 'NL-NH', 'Amsterdam', 52.37, 4.9],
  ['eu-frankfurt-1', 'DE', 'DE-HE', 'Frankfurt am Main', 50.11, 8.68],
  ['eu-madrid-1', 'ES', 'ES-MD', 'Madrid', 40.42, -3.7],
  ['eu-madrid-3', 'ES', 'ES-MD', 'Madrid', 40.42, -3.7],
  ['eu-marseille-1', 'FR', null, 'Marseille', 43.3, 5.37],
  ['eu-milan-1', 'IT', null, 'Milan', 45.46, 9.19],
  ['eu-paris-1', 'FR', null, 'Paris', 48.86, 2.35],
  ['eu-stockholm-1', 'SE', 'SE-AB', 'Stockholm', 59.33, 18.07],
  ['eu-turin-1', 'IT', null, 'Turin', 45.07, 7.69],
  ['eu-zurich-1', 'CH', 'CH-ZH', 'Zurich', 47.38, 8.54],
  ['il-jerusalem-1', 'IL', 'IL-JM', 'Jerusalem', 31.77, 35.21],
  ['me-abudhabi-1', 'AE', 'AE-AZ', 'Abu Dhabi', 24.45, 54.38],
  ['me-dubai-1', 'AE', 'AE-DU', 'Dubai', 25.2, 55.27],
  ['me-jeddah-1', 'SA', 'SA-02', 'Jeddah', 21.49, 39.19],
  ['me-riyadh-1', 'SA', 'SA-01', 'Riyadh', 24.7, 46.7],
  ['mx-monterrey-1', 'MX', 'MX-NLE', 'Monterrey', 25.69, -100.32],
  ['mx-queretaro-1', 'MX', 'MX-QUE', 'Querétaro', 20.59, -100.39],
  ['sa-bogota-1', 'CO', null, 'Bogotá', 4.71, -74.07],
  ['sa-santiago-1', 'CL', 'CL-RM', 'Santiago', -33.45, -70.67],
  ['sa-saopaulo-1', 'BR', 'BR-SP', 'São Paulo', -23.55, -46.63],
  ['sa-valparaiso-1', 'CL', 'CL-VS', 'Valparaíso', -33.05, -71.61],
  ['sa-vinhedo-1', 'BR', 'BR-SP', 'Vinhedo', -23.03, -46.98],
  ['uk-cardiff-1', 'GB', null, 'Newport', 51.58, -3.0],
  ['uk-london-1', 'GB', null, 'London', 51.51, -0.13],
  ['us-abilene-1', 'US', null, null], // in the ranges only
  ['us-ashburn-1', 'US', 'US-VA', 'Ashburn', 39.04, -77.49],
  ['us-boardman-1', 'US', null, null], // in the ranges only
  ['us-chicago-1', 'US', 'US-IL', 'Chicago', 41.88, -87.63],
  ['us-dallas-1', 'US', null, null], // in the ranges only
  ['us-phoenix-1', 'US', 'US-AZ', 'Phoenix', 33.45, -112.07],
  ['us-saltlake-2', 'US', 'US-UT', 'Salt Lake City', 40.76, -111.89],
  ['us-sanjose-1', 'US', 'US-CA', 'San Jose', 37.34, -121.89],
]

/** The realms that are apart from the commercial one, by their keys. */
const realms: Readonly<Record<string, readonly Row[]>> = {
  // Government of the United States, and its Department of Defense.
  oc2: [
    ['us-langley-1', 'US', 'US-VA', 'Ashburn', 39.04, -77.49],
    ['us-luke-1', 'US', 'US-AZ', 'Phoenix', 33.45, -112.07],
  ],
  oc3: [
    ['us-gov-ashburn-1', 'US', 'US-VA', 'Ashburn', 39.04, -77.49],
    ['us-gov-chicago-1', 'US', 'US-IL', 'Chicago', 41.88, -87.63],
    ['us-gov-phoenix-1', 'US', 'US-AZ', 'Phoenix', 33.45, -112.07],
  ],
  // Government of the United Kingdom.
  oc4: [
    ['uk-gov-cardiff-1', 'GB', null, 'Newport', 51.58, -3.0],
    ['uk-gov-london-1', 'GB', null, 'London', 51.51, -0.13],
  ],
  // Sovereign cloud of the European Union.
  oc19: [
    ['eu-frankfurt-2', 'DE', 'DE-HE', 'Frankfurt am Main', 50.11, 8.68],
    ['eu-madrid-2', 'ES', 'ES-MD', 'Madrid', 40.42, -3.7],
  ],
  // Serbia.
  oc20: [['eu-jovanovac-1', 'RS', null, 'Kragujevac', 44.02, 20.92]],
  // One customer's each.
  oc8: country('JP', 'ap-chiyoda-1', 'ap-ibaraki-1'),
  oc9: country('OM', 'me-dcc-muscat-1', 'me-ibri-1'),
  oc10: country('AU', 'ap-dcc-canberra-1'),
  oc14: [...country('IT', 'eu-dcc-milan-1', 'eu-dcc-milan-2'), ...country('IE', 'eu-dcc-dublin-1', 'eu-dcc-dublin-2')],
  oc15: country('BD', 'ap-dcc-gazipur-1'),
  oc21: country('QA', 'me-alrayyan-1', 'me-dcc-doha-1'),
  oc23: country('US', 'us-somerset-1', 'us-thames-1'),
  oc24: country('CH', 'eu-crissier-1', 'eu-dcc-zurich-1'),
  oc26: country('AE', 'me-abudhabi-3', 'me-alain-1'),
  oc29: country('AE', 'me-abudhabi-2', 'me-abudhabi-4'),
  oc35: country('KR', 'ap-chuncheon-2', 'ap-seoul-2', 'ap-suwon-1'),
  oc42: country('US', 'us-ashburn-2', 'us-newark-1'),
  oc51: country('HU', 'eu-budapest-1'),
  oc52: country('BR', 'sa-riodejaneiro-1'),
}

/** Regions of which no more than the country is told. */
function country(code: string, ...names: readonly string[]): readonly Row[] {
  return names.map((name) => [name, code, null, null])
}

/** The facts of Oracle's regions; the partition is the realm's key. */
export const oracleRegions: readonly RegionFacts[] = [['oc1', commercial] as const, ...Object.entries(realms)].flatMap(
  ([realm, regions]) => regions.map((row) => factsOf('oracle', row, realm)),
)
