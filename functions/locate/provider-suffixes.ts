/**
 * DNS suffixes that providers of clouds control, and where the names below them tell a region.
 *
 * A customer may choose some labels of such a name: that of a bucket, a virtual machine, a function. A pattern therefore is
 * anchored at the provider's own end, and reads only labels that the provider writes. `us-west-1.s3.amazonaws.com` is a bucket
 * that someone called so.
 */

export interface ProviderSuffix {
  readonly suffix: string
  readonly provider: string
  /** Patterns of what stands before the suffix, without its dot; the group `region` is the provider's name of a region. */
  readonly regions?: readonly RegExp[]
  /** The key of the one region whose names have this suffix. */
  readonly region?: string
  /** The only partitions whose regions have this suffix. */
  readonly partitions?: readonly string[]
  /** What passes the traffic on, where the address that a name resolves to is not in the region behind it. */
  readonly edge?: string
  /** A pattern of four numbers with the address in them, in the order given. */
  readonly address?: { readonly pattern: RegExp; readonly reversed: boolean }
  /** Where the provider tells how its names are built. */
  readonly source: string
}

/** `service.region`: the two labels nearest to the suffix are the provider's. */
const SERVICE_REGION = /(?:^|\.)[a-z0-9-]+\.(?<region>[a-z0-9-]+)$/
/** `label.region`, with one label or more that the customer chose. */
const LABEL_REGION = /^(?:[a-z0-9_-]+\.)+(?<region>[a-z0-9-]+)$/

const AWS = {
  provider: 'aws',
  regions: [
    // Services whose region stands before them: `name-1234567890.us-west-1.elb`, `ec2-54-183-1-1.us-west-1.compute`.
    /(?:^|\.)(?<region>[a-z0-9-]+)\.(?:aoss|compute|docdb|eb|elb|es|neptune|rds|redshift|vpce)$/,
    SERVICE_REGION,
    // The older spelling of S3's endpoints: `bucket.s3-us-west-1`, `bucket.s3-website-us-west-1`.
    /(?:^|\.)s3(?:-website|-fips)?-(?<region>[a-z0-9-]+)$/,
  ],
  address: { pattern: /^ec2-(\d+)-(\d+)-(\d+)-(\d+)(?:\.|$)/, reversed: false },
  source: 'https://docs.aws.amazon.com/general/latest/gr/rande.html',
} as const

const FRONT_END = 'Google Front End'

export const providerSuffixes: readonly ProviderSuffix[] = [
  { ...AWS, suffix: 'amazonaws.com', partitions: ['aws', 'aws-us-gov'] },
  { ...AWS, suffix: 'amazonaws.com.cn', partitions: ['aws-cn'] },
  { ...AWS, suffix: 'amazonaws.eu', partitions: ['aws-eusc'] },
  // The names of us-east-1 are older than regions.
  {
    suffix: 'compute-1.amazonaws.com',
    provider: 'aws',
    region: 'aws:us-east-1',
    address: AWS.address,
    source: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html',
  },
  {
    suffix: 's3-accelerate.amazonaws.com',
    provider: 'aws',
    edge: 'S3 Transfer Acceleration',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration.html',
  },
  {
    suffix: 's3-accelerate.dualstack.amazonaws.com',
    provider: 'aws',
    edge: 'S3 Transfer Acceleration',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration.html',
  },
  {
    suffix: 'on.aws',
    provider: 'aws',
    regions: [/(?:^|\.)lambda-url\.(?<region>[a-z0-9-]+)$/],
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html',
  },
  {
    suffix: 'elasticbeanstalk.com',
    provider: 'aws',
    regions: [LABEL_REGION],
    source: 'https://docs.aws.amazon.com/general/latest/gr/elasticbeanstalk.html',
  },
  {
    suffix: 'awsglobalaccelerator.com',
    provider: 'aws',
    edge: 'AWS Global Accelerator',
    source:
      'https://docs.aws.amazon.com/global-accelerator/latest/dg/dns-addressing-custom-domains.dns-addressing.html',
  },
  {
    suffix: 'cloudfront.net',
    provider: 'aws',
    edge: 'Amazon CloudFront',
    source: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-working-with.html',
  },
  {
    suffix: 'cloudfront.cn',
    provider: 'aws',
    edge: 'Amazon CloudFront in China',
    source: 'https://docs.amazonaws.cn/en_us/aws/latest/userguide/cloudfront.html',
  },

  {
    suffix: 'cloudapp.azure.com',
    provider: 'azure',
    regions: [LABEL_REGION],
    partitions: ['AzureCloud'],
    source: 'https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses#domain-name-label',
  },
  {
    suffix: 'cloudapp.chinacloudapi.cn',
    provider: 'azure',
    regions: [LABEL_REGION],
    partitions: ['AzureChinaCloud'],
    source: 'https://docs.azure.cn/articles/azure-china-service-mapping',
  },
  {
    suffix: 'cloudapp.usgovcloudapi.net',
    provider: 'azure',
    regions: [LABEL_REGION],
    partitions: ['AzureUSGovernment'],
    source: 'https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure',
  },
  ...['azureedge.net', 'azurefd.net'].map((suffix) => ({
    suffix,
    provider: 'azure',
    edge: 'Azure Front Door and CDN',
    source: 'https://learn.microsoft.com/azure/frontdoor/endpoint',
  })),
  // A profile answers with whatever address its owner has, in any cloud; a storage account's name tells no region.
  ...['trafficmanager.net', 'core.windows.net', 'core.chinacloudapi.cn', 'cloudapp.net', 'azurewebsites.net'].map(
    (suffix) => ({
      suffix,
      provider: 'azure',
      source: 'https://learn.microsoft.com/azure/security/fundamentals/azure-domains',
    }),
  ),

  {
    suffix: 'bc.googleusercontent.com',
    provider: 'google',
    address: { pattern: /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/, reversed: true },
    source: 'https://docs.cloud.google.com/compute/docs/instances/create-ptr-record',
  },
  {
    suffix: 'run.app',
    provider: 'google',
    regions: [/^[a-z0-9-]+\.(?<region>[a-z0-9-]+)$/],
    edge: FRONT_END,
    source: 'https://docs.cloud.google.com/run/docs/triggering/https-request',
  },
  {
    // Ends with a code of two letters for the region, which Google does not list.
    suffix: 'a.run.app',
    provider: 'google',
    edge: FRONT_END,
    source: 'https://docs.cloud.google.com/run/docs/triggering/https-request',
  },
  {
    suffix: 'cloudfunctions.net',
    provider: 'google',
    regions: [/^(?<region>[a-z]+-[a-z]+\d+)-[a-z0-9-]+$/],
    edge: FRONT_END,
    source: 'https://docs.cloud.google.com/functions/1stgendocs/calling/http',
  },

  {
    suffix: 'aliyuncs.com',
    provider: 'alibaba',
    regions: [
      /(?:^|\.)oss-(?<region>[a-z0-9-]+?)(?:-internal)?$/,
      /(?:^|\.)(?<region>[a-z0-9-]+)\.(?:alb|fc|fnf|log|nlb|oss|ots)$/,
      SERVICE_REGION,
    ],
    source: 'https://help.aliyun.com/en/oss/user-guide/regions-and-endpoints',
  },
  ...['oss-accelerate.aliyuncs.com', 'oss-accelerate-overseas.aliyuncs.com'].map((suffix) => ({
    suffix,
    provider: 'alibaba',
    edge: 'OSS Transfer Acceleration',
    source: 'https://help.aliyun.com/en/oss/user-guide/transfer-acceleration',
  })),
  {
    suffix: 'alicontainer.com',
    provider: 'alibaba',
    regions: [LABEL_REGION],
    source: 'https://www.alibabacloud.com/help/doc-detail/378167.htm',
  },
  ...['alikunlun.com', 'alikunlun.net', 'kunluncan.com', 'kunlunsl.com'].map((suffix) => ({
    suffix,
    provider: 'alibaba',
    edge: 'Alibaba Cloud CDN',
    source: 'https://help.aliyun.com/en/cdn/user-guide/add-a-cname-record',
  })),

  {
    suffix: 'myqcloud.com',
    provider: 'tencent',
    regions: [/(?:^|\.)(?:cos|cos-internal|cos-website)\.(?<region>[a-z0-9-]+)$/],
    source: 'https://www.tencentcloud.com/document/product/436/6224',
  },
  {
    suffix: 'cos.accelerate.myqcloud.com',
    provider: 'tencent',
    edge: 'COS Global Acceleration',
    source: 'https://www.tencentcloud.com/document/product/436/33409',
  },
  {
    suffix: 'tencentclb.com',
    provider: 'tencent',
    regions: [/(?:^|\.)clb\.(?<region>[a-z0-9-]+)$/],
    source: 'https://www.tencentcloud.com/document/product/214',
  },
  {
    suffix: 'tencentcloudapi.com',
    provider: 'tencent',
    regions: [SERVICE_REGION],
    source: 'https://www.tencentcloud.com/document/product/582/34492',
  },
  ...['cdn.dnsv1.com', 'file.myqcloud.com', 'tencent-cloud.com'].map((suffix) => ({
    suffix,
    provider: 'tencent',
    edge: 'Tencent Cloud CDN',
    source: 'https://www.tencentcloud.com/document/product/228/3121',
  })),
]
