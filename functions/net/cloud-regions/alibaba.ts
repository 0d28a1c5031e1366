/**
 * Where Alibaba Cloud's regions stand. Origin, looked up on 2026-11-22: Alibaba's lists of regions and endpoints
 * (help.aliyun.com: document_detail/72379, en/oss/user-guide/regions-and-endpoints,
 * en/auto-scaling/developer-reference/api-ess-2014-08-28-endpoint and api-ess-2022-02-22-endpoint; alibabacloud.com/help:
 * doc-detail/72379, doc-detail/189254). Regions are named after their cities. Those of the finance and government clouds
 * stand in the cities of their names, and the "dedicated" ones (`-acdr-`) where they are named after. Closed regions stay:
 * old captures may hold their addresses. Hong Kong is HK although Alibaba's name for it begins with `cn`.
 * Coordinates are the city's, to about 10 km.
 */
import { factsOf, type RegionFacts, type Row } from './region-facts.ts'

const regions: readonly Row[] = [
  ['ap-northeast-1', 'JP', 'JP-13', 'Tokyo', 35.68, 139.69],
  ['ap-northeast-2', 'KR', 'KR-11', 'Seoul', 37.57, 126.98],
  ['ap-south-1', 'IN', 'IN-MH', 'Mumbai', 19.08, 72.88],
  ['ap-southeast-1', 'SG', null, 'Singapore', 1.35, 103.82],
  ['ap-southeast-2', 'AU', 'AU-NSW', 'Sydney', -33.87, 151.21],
  ['ap-southeast-3', 'MY', 'MY-14', 'Kuala Lumpur', 3.14, 101.69],
  ['ap-southeast-5', 'ID', 'ID-JK', 'Jakarta', -6.2, 106.85],
  ['ap-southeast-6', 'PH', 'PH-00', 'Manila', 14.6, 120.98],
  ['ap-southeast-7', 'TH', 'TH-10', 'Bangkok', 13.75, 100.5],
  ['ap-southeast-8', 'MY', 'MY-01', null, 1.5, 103.7], // Johor
  ['cn-beijing', 'CN', 'CN-BJ', 'Beijing', 39.9, 116.4],
  ['cn-chengdu', 'CN', 'CN-SC', 'Chengdu', 30.57, 104.07],
  ['cn-fuzhou', 'CN', 'CN-FJ', 'Fuzhou', 26.07, 119.3],
  ['cn-guangzhou', 'CN', 'CN-GD', 'Guangzhou', 23.13, 113.26],
  ['cn-hangzhou', 'CN', 'CN-ZJ', 'Hangzhou', 30.27, 120.16],
  ['cn-heyuan', 'CN', 'CN-GD', 'Heyuan', 23.74, 114.7],
  ['cn-heyuan-acdr-1', 'CN', 'CN-GD', 'Heyuan', 23.74, 114.7],
  ['cn-hongkong', 'HK', null, 'Hong Kong', 22.3, 114.17],
  ['cn-huhehaote', 'CN', 'CN-NM', 'Hohhot', 40.84, 111.75],
  ['cn-nanjing', 'CN', 'CN-JS', 'Nanjing', 32.06, 118.8],
  ['cn-qingdao', 'CN', 'CN-SD', 'Qingdao', 36.07, 120.38],
  ['cn-shanghai', 'CN', 'CN-SH', 'Shanghai', 31.23, 121.47],
  ['cn-shenzhen', 'CN', 'CN-GD', 'Shenzhen', 22.54, 114.06],
  ['cn-wuhan-lr', 'CN', 'CN-HB', 'Wuhan', 30.59, 114.31],
  ['cn-wulanchabu', 'CN', 'CN-NM', 'Ulanqab', 41.0, 113.1],
  ['cn-zhangjiakou', 'CN', 'CN-HE', 'Zhangjiakou', 40.82, 114.88],
  ['cn-zhengzhou-jva', 'CN', 'CN-HA', 'Zhengzhou', 34.75, 113.63],
  ['eu-central-1', 'DE', 'DE-HE', 'Frankfurt am Main', 50.11, 8.68],
  ['eu-west-1', 'GB', null, 'London', 51.51, -0.13],
  ['eu-west-2', 'FR', null, 'Paris', 48.86, 2.35],
  ['me-central-1', 'SA', 'SA-01', 'Riyadh', 24.7, 46.7],
  ['me-east-1', 'AE', 'AE-DU', 'Dubai', 25.2, 55.27],
  ['na-south-1', 'MX', null, null], // Mexico, and no city
  ['us-east-1', 'US', 'US-VA', null, 39.04, -77.49],
  ['us-southeast-1', 'US', null, null], // in Alibaba's SDKs only
  ['us-west-1', 'US', 'US-CA', null, 37.4, -122.0], // Silicon Valley
]

const finance: readonly Row[] = [
  ['cn-beijing-finance-1', 'CN', 'CN-BJ', 'Beijing', 39.9, 116.4],
  ['cn-hangzhou-finance', 'CN', 'CN-ZJ', 'Hangzhou', 30.27, 120.16],
  ['cn-shanghai-finance-1', 'CN', 'CN-SH', 'Shanghai', 31.23, 121.47],
  ['cn-shenzhen-finance-1', 'CN', 'CN-GD', 'Shenzhen', 22.54, 114.06],
]

/** North China 2 is Beijing, in Alibaba's own numbering of its regions. */
const government: readonly Row[] = [['cn-north-2-gov-1', 'CN', 'CN-BJ', 'Beijing', 39.9, 116.4]]

/** The facts of Alibaba's regions, those of its finance and government clouds last. */
export const alibabaRegions: readonly RegionFacts[] = [
  ...regions.map((row) => factsOf('alibaba', row, 'alibaba')),
  ...finance.map((row) => factsOf('alibaba', row, 'alibaba-finance')),
  ...government.map((row) => factsOf('alibaba', row, 'alibaba-gov')),
]
