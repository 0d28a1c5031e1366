/**
 * A network without a way out: no gateway to the internet, no address translation, one route, to S3, and there to our buckets
 * only; nor can other names be asked than theirs. Handlers that read what devices sent run here, so that not even a program
 * that was broken into can send it elsewhere. It costs nothing by the hour, unless KMS is asked from here too.
 */
import { RemovalPolicy } from 'aws-cdk-lib'
import {
  FlowLogDestination,
  FlowLogTrafficType,
  type GatewayVpcEndpoint,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  type SubnetSelection,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2'
import { PolicyStatement, StarPrincipal } from 'aws-cdk-lib/aws-iam'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { AskedNames } from './asked-names.ts'
import { STORE_ACTIONS, type Store } from './bucket.ts'
import type { Permission } from './permission.ts'
import type { Settings } from './settings.ts'

export class ClosedNetwork extends Construct {
  readonly vpc: IVpc
  readonly group: SecurityGroup
  readonly subnets: SubnetSelection = { subnetType: SubnetType.PRIVATE_ISOLATED }
  private readonly toS3: GatewayVpcEndpoint
  /** As DNS names them, before the region. */
  private readonly services: string[] = []

  constructor(scope: Construct, id: string, { settings }: { settings: Settings }) {
    super(scope, id)
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.0.0.0/20'),
      maxAzs: 2,
      natGateways: 0,
      createInternetGateway: false,
      subnetConfiguration: [{ name: 'Closed', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 22 }],
      // Nothing is in the default group; closing it would take a function with rights over every security group.
      restrictDefaultSecurityGroup: false,
      flowLogs: {
        Attempts: {
          trafficType: FlowLogTrafficType.ALL,
          destination: FlowLogDestination.toCloudWatchLogs(
            new LogGroup(this, 'Flows', {
              retention: settings.logDays as RetentionDays,
              removalPolicy: RemovalPolicy.RETAIN,
            }),
          ),
        },
      },
      // The CDK's class and its interface differ in what they leave out.
    }) as IVpc
    this.toS3 = this.vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 })
    this.group = new SecurityGroup(this, 'Group', {
      vpc: this.vpc,
      description: 'Domicile: HTTPS to S3, which is all that the network leads to',
      allowAllOutbound: false,
    })
    this.group.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'S3')
  }

  /** Lets KMS be asked from here, for this and for nothing else. @param permission which the roles need beside it */
  openToKms({ actions, resources, conditions = {} }: Omit<Permission, 'because'>): void {
    const group = new SecurityGroup(this, 'KmsGroup', {
      vpc: this.vpc,
      description: 'Domicile: HTTPS from the closed network to KMS',
      allowAllOutbound: false,
    })
    group.addIngressRule(this.group, Port.tcp(443), 'From our functions')
    const endpoint = this.vpc.addInterfaceEndpoint('Kms', {
      service: InterfaceVpcEndpointAwsService.KMS,
      subnets: this.subnets,
      securityGroups: [group],
      open: false,
    })
    endpoint.addToPolicy(
      new PolicyStatement({
        principals: [new StarPrincipal()],
        actions: [...actions],
        resources: [...resources],
        conditions: { ...conditions },
      }),
    )
    this.services.push('kms')
  }

  /** @param buckets the only ones that can be reached from here; what may be done there the roles say */
  openTo(buckets: readonly Store[]): void {
    this.toS3.addToPolicy(
      new PolicyStatement({
        // The policy of an endpoint knows no other principal, and not this one in the form {"AWS": "*"}.
        principals: [new StarPrincipal()],
        actions: [...STORE_ACTIONS, 's3:PutObjectRetention'],
        resources: buckets.flatMap((bucket) => [bucket.bucketArn, bucket.arnForObjects('*')]),
      }),
    )
    new AskedNames(this, 'AskedNames', { vpc: this.vpc, buckets, services: this.services })
  }
}
