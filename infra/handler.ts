/** A Lambda function of functions/lambda/. */
import { type Duration, RemovalPolicy, type Size } from 'aws-cdk-lib'
import { Effect, Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import {
  Architecture,
  Code,
  type IDestination,
  type ILayerVersion,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type { ClosedNetwork } from './closed-network.ts'
import { type HandlerName, handlerFolder } from './handler-code.ts'
import { allow } from './permission.ts'
import type { Settings } from './settings.ts'

export interface HandlerProps {
  readonly name: HandlerName
  readonly settings: Settings
  /** MiB; processor time comes in proportion, 1769 MiB being one core. */
  readonly memory: number
  readonly timeout: Duration
  /** By the names of functions/lambda/environment.ts. */
  readonly environment: Readonly<Record<string, string>>
  readonly storage?: Size
  readonly layers?: ILayerVersion[]
  /** Where given, the function reaches nothing but our buckets. */
  readonly network?: ClosedNetwork
  /** Takes the events of asynchronous invocations that failed. */
  readonly onFailure?: IDestination
}

export class Handler extends LambdaFunction {
  /** Has no permission but those that are given one by one. */
  readonly ownRole: Role

  constructor(scope: Construct, id: string, { name, settings, network, memory, storage, ...props }: HandlerProps) {
    const role = new Role(scope, `${id}Role`, {
      description: `Domicile's ${name}`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    })
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      retention: settings.logDays as RetentionDays,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    super(scope, id, {
      code: Code.fromAsset(handlerFolder(name)),
      handler: 'index.handler',
      description: `Domicile's ${name}, ${settings.stage}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
      memorySize: memory,
      ...(storage ? { ephemeralStorageSize: storage } : {}),
      ...(network ? { vpc: network.vpc, vpcSubnets: network.subnets, securityGroups: [network.group] } : {}),
      ...props,
    })
    this.ownRole = role
    allow(role, {
      because: 'A function writes its own log.',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    })
    allow(role, {
      because: 'X-Ray knows no resources that a permission could name.',
      actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
      resources: ['*'],
    })
    if (network) this.joinNetwork(role)
  }

  private joinNetwork(role: Role): void {
    allow(role, {
      because:
        'Lambda connects the function to its network; EC2 knows no resources for interfaces that are not there yet.',
      actions: [
        'ec2:CreateNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:DeleteNetworkInterface',
        'ec2:AssignPrivateIpAddresses',
        'ec2:UnassignPrivateIpAddresses',
      ],
      resources: ['*'],
    })
    // Lambda needs these for the function; the function's code does not.
    // https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-best-practice
    new Policy(this, 'CodeMakesNoInterfaces', {
      roles: [role],
      statements: [
        new PolicyStatement({
          effect: Effect.DENY,
          actions: [
            'ec2:CreateNetworkInterface',
            'ec2:DeleteNetworkInterface',
            'ec2:DescribeNetworkInterfaces',
            'ec2:DescribeSubnets',
            'ec2:DetachNetworkInterface',
            'ec2:AssignPrivateIpAddresses',
            'ec2:UnassignPrivateIpAddresses',
          ],
          resources: ['*'],
          conditions: { ArnEquals: { 'lambda:SourceFunctionArn': this.functionArn } },
        }),
      ],
    })
  }
}
