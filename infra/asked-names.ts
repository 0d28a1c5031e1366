/**
 * What may be asked of a network's DNS. Its resolver answers without a route out, and passes each question on to the name
 * servers of whoever owns the name: what is asked could carry data away. No security group sees such a question.
 */
import { Aws, Stack } from 'aws-cdk-lib'
import type { IVpc } from 'aws-cdk-lib/aws-ec2'
import {
  CfnFirewallDomainList,
  CfnFirewallRuleGroup,
  CfnFirewallRuleGroupAssociation,
} from 'aws-cdk-lib/aws-route53resolver'
import { Construct } from 'constructs'
import type { Store } from './bucket.ts'

interface AskedNamesProps {
  readonly vpc: IVpc
  readonly buckets: readonly Store[]
  /** Names of services that have an endpoint in the network. */
  readonly services: readonly string[]
}

/** The names of buckets and of endpoints can be asked from the network, and no other. */
export class AskedNames extends Construct {
  constructor(scope: Construct, id: string, { vpc, buckets, services }: AskedNamesProps) {
    super(scope, id)
    const ours = new CfnFirewallDomainList(this, 'Buckets', {
      domains: [...buckets.map(({ bucketName }) => `${bucketName}.s3`), ...services].map(
        (name) => `${name}.${Aws.REGION}.${Aws.URL_SUFFIX}`,
      ),
    })
    const all = new CfnFirewallDomainList(this, 'All', { domains: ['*'] })
    const group = new CfnFirewallRuleGroup(this, 'Rules', {
      firewallRules: [
        {
          action: 'ALLOW',
          priority: 100,
          firewallDomainListId: ours.attrId,
          // S3's own names, to which a bucket's leads.
          firewallDomainRedirectionAction: 'TRUST_REDIRECTION_DOMAIN',
        },
        { action: 'BLOCK', blockResponse: 'NXDOMAIN', priority: 200, firewallDomainListId: all.attrId },
      ],
    })
    new CfnFirewallRuleGroupAssociation(this, 'Association', {
      name: `${Stack.of(this).stackName}-asked-names`,
      firewallRuleGroupId: group.attrId,
      vpcId: vpc.vpcId,
      // AWS keeps 100 and less, and 9900 and more, to itself.
      priority: 500,
    })
  }
}
