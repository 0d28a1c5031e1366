/**
 * Where Azure's regions stand. Origin, looked up on 2026-11-22: Microsoft's list of regions and their "physical location"
 * (learn.microsoft.com/azure/reliability/regions-list), that of China (docs.azure.cn/en-us/reliability/regions-list, which
 * names no town), and for coordinates what `az account list-locations` prints. Microsoft often names no more than a state or
 * country, and then city is null. Where its two lists put a region in places far apart, coordinates are null, and so is the
 * subdivision if they differ about it.
 *
 * Names are those of `properties.region` in Microsoft's ServiceTags files; other spellings of the same region, which the
 * rest of Azure uses, stand in {@link azureNames}.
 */
import { factsOf, type RegionFacts, type Row } from './region-facts.ts'

const publicRegions: readonly Row[] = [
  ['australiacentral', 'AU', 'AU-ACT', 'Canberra', -35.31, 149.12],
  ['australiacentral2', 'AU', 'AU-ACT', 'Canberra', -35.31, 149.12],
  ['australiaeast', 'AU', 'AU-NSW', null, -33.86, 151.21],
  ['australiasoutheast', 'AU', 'AU-VIC', null, -37.81, 144.96],
  ['austriaeast', 'AT', 'AT-9', 'Vienna', 48.21, 16.37],
  ['belgiumcentral', 'BE', null, 'Brussels', 50.85, 4.35],
  ['brazilne', 'BR', null, null], // in the ranges only
  ['brazilse', 'BR', 'BR-RJ', 'Rio de Janeiro', -22.9, -43.21],
  ['brazilsouth', 'BR', 'BR-SP', null], // somewhere in the state of São Paulo
  ['canadacentral', 'CA', 'CA-ON', 'Toronto', 43.65, -79.38],
  ['canadaeast', 'CA', 'CA-QC', 'Quebec', 46.82, -71.22],
  ['centralfrance', 'FR', null, 'Paris', 48.86, 2.35],
  ['centralindia', 'IN', 'IN-MH', 'Pune', 18.58, 73.92],
  ['centralus', 'US', 'US-IA', null, 41.59, -93.62],
  ['centraluseuap', 'US', null, null], // early updates
  ['chilec', 'CL', 'CL-RM', 'Santiago', -33.45, -70.67],
  ['denmarkeast', 'DK', null, null],
  ['eastasia', 'HK', null, 'Hong Kong', 22.27, 114.19],
  ['eastus', 'US', 'US-VA', null], // the coordinates are Virginia's middle
  ['eastus2', 'US', 'US-VA', null, 36.67, -78.39],
  ['eastus2euap', 'US', null, null], // early updates
  ['eastus3', 'US', null, null],
  ['germanyn', 'DE', null, null], // Berlin, with the coordinates of Bremen
  ['germanywc', 'DE', 'DE-HE', 'Frankfurt am Main', 50.11, 8.68],
  ['indonesiacentral', 'ID', 'ID-JK', 'Jakarta', -6.2, 106.85],
  ['israelcentral', 'IL', null, null],
  ['israelnorthwest', 'IL', null, null],
  ['italynorth', 'IT', null, 'Milan', 45.46, 9.19],
  ['japaneast', 'JP', null, null, 35.68, 139.77], // Tokyo and Saitama
  ['japanwest', 'JP', 'JP-27', 'Osaka', 34.69, 135.5],
  ['jioindiacentral', 'IN', 'IN-MH', 'Nagpur', 21.15, 79.09],
  ['jioindiawest', 'IN', 'IN-GJ', 'Jamnagar', 22.47, 70.06],
  ['koreacentral', 'KR', 'KR-11', 'Seoul', 37.57, 126.98],
  ['koreasouth', 'KR', 'KR-26', 'Busan', 35.18, 129.08],
  ['malaysiasouth', 'MY', null, null],
  ['malaysiawest', 'MY', null, 'Kuala Lumpur', 3.14, 101.69],
  ['mexicocentral', 'MX', 'MX-QUE', null, 20.59, -100.39],
  ['newzealandnorth', 'NZ', 'NZ-AUK', 'Auckland', -36.85, 174.76],
  ['northcentralus', 'US', 'US-IL', null, 41.88, -87.63],
  ['northeurope', 'IE', null, null, 53.35, -6.26],
  ['norwaye', 'NO', null, null, 59.91, 10.75],
  ['norwayw', 'NO', null, null, 58.97, 5.73],
  ['polandcentral', 'PL', 'PL-14', 'Warsaw', 52.23, 21.01],
  ['qatarcentral', 'QA', null, 'Doha', 25.29, 51.53],
  ['southafricanorth', 'ZA', 'ZA-GP', 'Johannesburg', -26.2, 28.05],
  ['southafricawest', 'ZA', 'ZA-WC', 'Cape Town', -33.92, 18.42],
  ['southcentralindia', 'IN', null, null],
  ['southcentralus', 'US', 'US-TX', null, 29.42, -98.5],
  ['southcentralus2', 'US', null, null],
  ['southeastasia', 'SG', null, 'Singapore', 1.28, 103.83],
  ['southeastus', 'US', null, null],
  ['southeastus3', 'US', null, null],
  ['southfrance', 'FR', null, 'Marseille', 43.3, 5.37],
  ['southindia', 'IN', 'IN-TN', 'Chennai', 12.98, 80.16],
  ['spaincentral', 'ES', 'ES-MD', 'Madrid', 40.42, -3.7],
  ['swedencentral', 'SE', 'SE-X', 'Gävle', 60.67, 17.14],
  ['swedensouth', 'SE', null, null],
  ['switzerlandn', 'CH', 'CH-ZH', 'Zurich', 47.38, 8.54],
  ['switzerlandw', 'CH', 'CH-GE', 'Geneva', 46.2, 6.14],
  ['taiwannorth', 'TW', null, null],
  ['taiwannorthwest', 'TW', null, null],
  ['uaecentral', 'AE', 'AE-AZ', 'Abu Dhabi', 24.45, 54.38],
  ['uaenorth', 'AE', 'AE-DU', 'Dubai', 25.2, 55.27],
  ['uksouth', 'GB', null, 'London', 51.51, -0.13],
  ['ukwest', 'GB', null, null], // Cardiff, with coordinates near Liverpool
  ['usstagec', 'US', null, null], // staging
  ['usstagee', 'US', null, null], // staging
  ['westcentralus', 'US', 'US-WY', null], // the coordinates are the other end of Wyoming than what is known of Cheyenne
  ['westeurope', 'NL', null, null, 52.37, 4.9],
  ['westindia', 'IN', 'IN-MH', 'Mumbai', 19.09, 72.87],
  ['westus', 'US', 'US-CA', null, 37.78, -122.42],
  ['westus2', 'US', 'US-WA', null, 47.23, -119.85],
  ['westus3', 'US', 'US-AZ', 'Phoenix', 33.45, -112.07],
]

/** Azure Government: the states that the names tell, and for the two of the Department of Defense no more than the country. */
const governmentRegions: readonly Row[] = [
  ['usdodcentral', 'US', null, null],
  ['usdodeast', 'US', null, null],
  ['usgovarizona', 'US', 'US-AZ', null],
  ['usgoviowa', 'US', 'US-IA', null],
  ['usgovtexas', 'US', 'US-TX', null],
  ['usgovvirginia', 'US', 'US-VA', null],
]

/** Azure in China, which 21Vianet runs. */
const chinaRegions: readonly Row[] = [
  'chinaeast',
  'chinaeast2',
  'chinaeast3',
  'chinanorth',
  'chinanorth2',
  'chinanorth3',
].map((name) => [name, 'CN', null, null])

const byCloud: readonly (readonly [cloud: string, regions: readonly Row[]])[] = [
  // The clouds' names are those of `az cloud list`.
  ['AzureCloud', publicRegions],
  ['AzureUSGovernment', governmentRegions],
  ['AzureChinaCloud', chinaRegions],
]

/** The facts of the regions of Microsoft's three clouds. */
export const azureRegions: readonly RegionFacts[] = byCloud.flatMap(([cloud, regions]) =>
  regions.map((row) => factsOf('azure', row, cloud)),
)

/** Keys of regions in the ranges of which not even the country is certain: `northeurope` is Ireland, this one is told nowhere. */
export const azureUnplaced: readonly string[] = ['azure:northeurope2']

/** The names that Azure's portal, documentation and DNS have, and the keys by which the same region's ranges are published. */
export const azureNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    brazilnortheast: 'brazilne',
    brazilsoutheast: 'brazilse',
    chilecentral: 'chilec',
    eastusstg: 'usstagee',
    francecentral: 'centralfrance',
    francesouth: 'southfrance',
    germanynorth: 'germanyn',
    germanywestcentral: 'germanywc',
    norwayeast: 'norwaye',
    norwaywest: 'norwayw',
    southcentralusstg: 'usstagec',
    switzerlandnorth: 'switzerlandn',
    switzerlandwest: 'switzerlandw',
  }).map(([name, inRanges]) => [`azure:${name}`, `azure:${inRanges}`]),
)
