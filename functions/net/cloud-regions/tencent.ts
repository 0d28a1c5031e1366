/**
 * Where Tencent Cloud's regions stand. Origin: Tencent's list of regions and access endpoints
 * (tencentcloud.com/document/product/436/6224), and as far as it was to be had on 2026-11-22 its lists of service addresses
 * (tencentcloud.com/document/product/582/34492). Regions are named after their cities. Hong Kong is HK and Taipei TW,
 * although Tencent lists them with China. Coordinates are the city's, to about 10 km.
 */
import { factsOf, type RegionFacts, type Row } from './region-facts.ts'

const regions: readonly Row[] = [
  ['ap-bangkok', 'TH', 'TH-10', 'Bangkok', 13.75, 100.5],
  ['ap-beijing', 'CN', 'CN-BJ', 'Beijing', 39.9, 116.4],
  ['ap-chengdu', 'CN', 'CN-SC', 'Chengdu', 30.57, 104.07],
  ['ap-chongqing', 'CN', 'CN-CQ', 'Chongqing', 29.56, 106.55],
  ['ap-guangzhou', 'CN', 'CN-GD', 'Guangzhou', 23.13, 113.26],
  ['ap-hongkong', 'HK', null, 'Hong Kong', 22.3, 114.17],
  ['ap-jakarta', 'ID', 'ID-JK', 'Jakarta', -6.2, 106.85],
  ['ap-mumbai', 'IN', 'IN-MH', 'Mumbai', 19.08, 72.88],
  ['ap-nanjing', 'CN', 'CN-JS', 'Nanjing', 32.06, 118.8],
  ['ap-seoul', 'KR', 'KR-11', 'Seoul', 37.57, 126.98],
  ['ap-shanghai', 'CN', 'CN-SH', 'Shanghai', 31.23, 121.47],
  ['ap-singapore', 'SG', null, 'Singapore', 1.35, 103.82],
  ['ap-taipei', 'TW', 'TW-TPE', 'Taipei', 25.03, 121.57],
  ['ap-tokyo', 'JP', 'JP-13', 'Tokyo', 35.68, 139.69],
  ['eu-frankfurt', 'DE', 'DE-HE', 'Frankfurt am Main', 50.11, 8.68],
  ['eu-moscow', 'RU', 'RU-MOW', 'Moscow', 55.76, 37.62],
  ['na-ashburn', 'US', 'US-VA', 'Ashburn', 39.04, -77.49],
  ['na-siliconvalley', 'US', 'US-CA', null, 37.4, -122.0],
  ['na-toronto', 'CA', 'CA-ON', 'Toronto', 43.65, -79.38],
  ['sa-saopaulo', 'BR', 'BR-SP', 'São Paulo', -23.55, -46.63],
]

const finance: readonly Row[] = [
  ['ap-beijing-fsi', 'CN', 'CN-BJ', 'Beijing', 39.9, 116.4],
  ['ap-shanghai-fsi', 'CN', 'CN-SH', 'Shanghai', 31.23, 121.47],
  ['ap-shenzhen-fsi', 'CN', 'CN-GD', 'Shenzhen', 22.54, 114.06],
]

/** The facts of Tencent's regions, those for the finance industry last. */
export const tencentRegions: readonly RegionFacts[] = [
  ...regions.map((row) => factsOf('tencent', row, 'tencent')),
  ...finance.map((row) => factsOf('tencent', row, 'tencent-finance')),
]
