import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { providerNameOf } from '../../functions/locate/provider-names.ts'
import { providerSuffixes } from '../../functions/locate/provider-suffixes.ts'
import { regionKeys } from '../../functions/net/cloud-regions.ts'

describe('a name under a suffix of a provider', () => {
  it.each([
    ['ec2-54-183-1-1.us-west-1.compute.amazonaws.com', 'aws:us-west-1'],
    ['ec2-54-80-1-1.compute-1.amazonaws.com', 'aws:us-east-1'],
    ['ec2-52-80-1-1.cn-north-1.compute.amazonaws.com.cn', 'aws:cn-north-1'],
    ['app-migration-1234567890.us-west-1.elb.amazonaws.com', 'aws:us-west-1'],
    ['dualstack.app-1234567890.ap-southeast-1.elb.amazonaws.com', 'aws:ap-southeast-1'],
    ['push-0123456789abcdef.elb.eu-central-1.amazonaws.com', 'aws:eu-central-1'],
    ['app-1234567890.cn-north-1.elb.amazonaws.com.cn', 'aws:cn-north-1'],
    ['s3.us-west-1.amazonaws.com', 'aws:us-west-1'],
    ['photos.example.s3.eu-west-1.amazonaws.com', 'aws:eu-west-1'],
    ['photos.s3.dualstack.us-west-2.amazonaws.com', 'aws:us-west-2'],
    ['photos.s3-us-west-2.amazonaws.com', 'aws:us-west-2'],
    ['photos.s3-website-us-east-1.amazonaws.com', 'aws:us-east-1'],
    ['photos.s3-website.eu-central-1.amazonaws.com', 'aws:eu-central-1'],
    ['photos.s3.cn-northwest-1.amazonaws.com.cn', 'aws:cn-northwest-1'],
    ['s3-w.us-west-1.amazonaws.com', 'aws:us-west-1'],
    ['a1b2c3d4e5.execute-api.us-west-1.amazonaws.com', 'aws:us-west-1'],
    ['a3k7odshaiipe8-ats.iot.us-east-2.amazonaws.com', 'aws:us-east-2'],
    ['kinesis.us-gov-west-1.amazonaws.com', 'aws:us-gov-west-1'],
    ['dynamodb.ap-east-1.amazonaws.com', 'aws:ap-east-1'],
    ['sqs.sa-east-1.amazonaws.com', 'aws:sa-east-1'],
    ['store.c9akciq32.us-west-1.rds.amazonaws.com', 'aws:us-west-1'],
    ['service.cn-north-1.eb.amazonaws.com.cn', 'aws:cn-north-1'],
    ['sqs.eusc-de-east-1.amazonaws.eu', 'aws:eusc-de-east-1'],
    ['abcdef0123456789.lambda-url.us-west-1.on.aws', 'aws:us-west-1'],
    ['shop.us-west-2.elasticbeanstalk.com', 'aws:us-west-2'],
    ['gateway.westus.cloudapp.azure.com', 'azure:westus'],
    ['gateway.norwayeast.cloudapp.azure.com', 'azure:norwaye'],
    ['gateway.chinaeast2.cloudapp.chinacloudapi.cn', 'azure:chinaeast2'],
    ['gateway.usgovvirginia.cloudapp.usgovcloudapi.net', 'azure:usgovvirginia'],
    ['media.oss-cn-beijing.aliyuncs.com', 'alibaba:cn-beijing'],
    ['media.oss-us-west-1-internal.aliyuncs.com', 'alibaba:us-west-1'],
    ['media.cn-hangzhou.oss.aliyuncs.com', 'alibaba:cn-hangzhou'],
    ['ecs.cn-hongkong.aliyuncs.com', 'alibaba:cn-hongkong'],
    ['alb-0123.cn-shanghai.alb.aliyuncs.com', 'alibaba:cn-shanghai'],
    ['project.cn-hangzhou.log.aliyuncs.com', 'alibaba:cn-hangzhou'],
    ['c0123456789.cn-hangzhou.alicontainer.com', 'alibaba:cn-hangzhou'],
    ['media-1250000000.cos.ap-beijing.myqcloud.com', 'tencent:ap-beijing'],
    ['lb-0abc1234-x.clb.na-siliconvalley.tencentclb.com', 'tencent:na-siliconvalley'],
    ['cfs.ap-guangzhou.tencentcloudapi.com', 'tencent:ap-guangzhou'],
  ])('%s is of %s', (name, region) => {
    expect(providerNameOf(name)).toMatchObject({ provider: region.split(':')[0], region, edge: null })
  })

  it.each([
    ['d111111abcdef8.cloudfront.net', 'aws', 'Amazon CloudFront'],
    ['d111111abcdef8.cloudfront.cn', 'aws', 'Amazon CloudFront in China'],
    ['a1234567890abcdef.awsglobalaccelerator.com', 'aws', 'AWS Global Accelerator'],
    ['photos.s3-accelerate.amazonaws.com', 'aws', 'S3 Transfer Acceleration'],
    ['photos.s3-accelerate.dualstack.amazonaws.com', 'aws', 'S3 Transfer Acceleration'],
    ['media.azureedge.net', 'azure', 'Azure Front Door and CDN'],
    ['media-a1b2.z01.azurefd.net', 'azure', 'Azure Front Door and CDN'],
    ['service-abcdefghij-uc.a.run.app', 'google', 'Google Front End'],
    ['media.oss-accelerate.aliyuncs.com', 'alibaba', 'OSS Transfer Acceleration'],
    ['cdn.example.com.w.kunluncan.com', 'alibaba', 'Alibaba Cloud CDN'],
    ['cdn.example.com.w.alikunlun.com', 'alibaba', 'Alibaba Cloud CDN'],
    ['media-1250000000.cos.accelerate.myqcloud.com', 'tencent', 'COS Global Acceleration'],
    ['cdn.example.com.cdn.dnsv1.com', 'tencent', 'Tencent Cloud CDN'],
  ])('%s is at the edge', (name, provider, edge) => {
    expect(providerNameOf(name)).toMatchObject({ provider, region: null, edge })
  })

  it.each([
    ['service-123456789012.us-west1.run.app', 'google:us-west1'],
    ['europe-west10-example-project.cloudfunctions.net', 'google:europe-west10'],
    ['asia-east1-us-west1-project.cloudfunctions.net', 'google:asia-east1'],
  ])('%s is at the edge, and %s behind it', (name, region) => {
    expect(providerNameOf(name)).toMatchObject({ provider: 'google', region, edge: 'Google Front End' })
  })

  it.each([
    ['photos.s3.amazonaws.com', 'aws'],
    ['us-west-1.s3.amazonaws.com', 'aws'], // a bucket of that name
    ['x.us-west-1.s3.amazonaws.com', 'aws'],
    ['x.s3-us-west-1.s3.amazonaws.com', 'aws'],
    ['us-west-1.elasticbeanstalk.com', 'aws'], // an environment of that name
    ['iam.amazonaws.com', 'aws'],
    ['ec2-1-2-3-4.us-mars-1.compute.amazonaws.com', 'aws'],
    // China's regions and the others have suffixes of their own.
    ['ec2-52-80-1-1.cn-north-1.compute.amazonaws.com', 'aws'],
    ['ec2-54-183-1-1.us-west-1.compute.amazonaws.com.cn', 'aws'],
    ['westus.cloudapp.azure.com', 'azure'],
    ['gateway.chinaeast2.cloudapp.azure.com', 'azure'],
    ['westus.blob.core.windows.net', 'azure'],
    ['westus.cloudapp.net', 'azure'],
    ['westus.azurewebsites.net', 'azure'],
    ['eastasia.trafficmanager.net', 'azure'],
    ['cn-beijing.rds.aliyuncs.com', 'alibaba'],
    ['ap-beijing.file.myqcloud.com', 'tencent'],
  ])('%s tells no region: what may look like one is its customer’s', (name, provider) => {
    expect(providerNameOf(name)).toMatchObject({ provider, region: null })
  })

  it.each([
    ['us-west-1.s3.eu-west-1.amazonaws.com', 'aws:eu-west-1'],
    ['us-west-1.s3-eu-west-1.amazonaws.com', 'aws:eu-west-1'],
    ['us-west-1.elb.ap-east-1.amazonaws.com', 'aws:ap-east-1'],
    ['oss-us-west-1.oss-cn-beijing.aliyuncs.com', 'alibaba:cn-beijing'],
    ['eastus.westus.cloudapp.azure.com', 'azure:westus'],
    ['cos.ap-seoul.cos.ap-beijing.myqcloud.com', 'tencent:ap-beijing'],
  ])('%s has the region that the provider wrote, not the one that its customer did', (name, region) => {
    expect(providerNameOf(name)?.region).toBe(region)
  })

  it.each([
    ['ec2-54-183-1-1.us-west-1.compute.amazonaws.com', '54.183.1.1'],
    ['ec2-54-80-1-1.compute-1.amazonaws.com', '54.80.1.1'],
    ['4.3.102.34.bc.googleusercontent.com', '34.102.3.4'],
    ['ec2-54-183-1-256.us-west-1.compute.amazonaws.com', null],
    ['ec2-054-183-1-1.us-west-1.compute.amazonaws.com', null],
    ['x.ec2-54-183-1-1.us-west-1.compute.amazonaws.com', null],
    ['storage.bc.googleusercontent.com', null],
  ])('%s is made of the address %s', (name, address) => {
    expect(providerNameOf(name)?.address).toBe(address)
  })

  it.each(['EC2-54-183-1-1.US-West-1.Compute.AmazonAWS.com', 'ec2-54-183-1-1.us-west-1.compute.amazonaws.com.'])(
    'may be spelled %s',
    (name) => {
      expect(providerNameOf(name)).toEqual(providerNameOf('ec2-54-183-1-1.us-west-1.compute.amazonaws.com'))
      expect(providerNameOf(name)?.suffix).toBe('amazonaws.com')
    },
  )
})

describe('any other name', () => {
  it.each([
    'us-west-1.evil.com',
    'amazonaws.com.evil.cn',
    'ec2-54-183-1-1.us-west-1.compute.amazonaws.com.evil.cn',
    's3.us-west-1.notamazonaws.com',
    'elb.amazonaws.com.com',
    'xn--amazonaws-x.com',
    'example.com',
    'com',
    '',
    '.',
    'a..amazonaws.com',
    '54.183.1.1',
    'us-west-1.elb.amazonaws.com/evil',
  ])('%j tells nothing', (name) => expect(providerNameOf(name)).toBeNull())

  it('gives a known region or none, whatever it is', () => {
    const label = fc.constantFrom(
      's3',
      'elb',
      'us-west-1',
      'cn-north-1',
      'westus',
      'oss-cn-beijing',
      'a',
      '-',
      '',
      'é',
      'clb',
    )
    const suffix = fc.constantFrom(...providerSuffixes.map((entry) => entry.suffix), 'example.com')
    fc.assert(
      fc.property(fc.array(label, { maxLength: 4 }), suffix, fc.string(), (labels, end, more) => {
        for (const name of [[...labels, end].join('.'), [...labels, end, more].join('.'), more]) {
          const found = providerNameOf(name)
          if (found?.region != null) {
            expect(regionKeys).toContain(found.region)
            expect(found.region.startsWith(`${found.provider}:`)).toBe(true)
          }
        }
      }),
    )
  })
})

describe('the table of suffixes', () => {
  it('has each once, in lower case, with where its names are documented', () => {
    const suffixes = providerSuffixes.map(({ suffix }) => suffix)
    expect(new Set(suffixes).size).toBe(suffixes.length)
    for (const { suffix, source } of providerSuffixes) {
      expect(suffix).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/)
      expect(source).toMatch(/^https:\/\/\S+$/)
    }
  })
})
