/** Rig access: a role a rig, which can add below the rig's own prefixes, no declaration, and neither read, list nor delete. */
import { readFileSync } from 'node:fs'
import {
  AccountRootPrincipal,
  Effect,
  type IPrincipal,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam'
import { CfnProfile, CfnTrustAnchor } from 'aws-cdk-lib/aws-rolesanywhere'
import { Construct } from 'constructs'
import type { Store } from './bucket.ts'
import type { Rig, Settings } from './settings.ts'

export class RigAccess extends Construct {
  /** ARNs of the roles. */
  readonly outputs: Record<string, string> = {}

  constructor(scope: Construct, id: string, { settings, intake }: { settings: Settings; intake: Store }) {
    super(scope, id)
    const anchor = settings.rigAuthority === undefined ? undefined : this.trust(settings.rigAuthority)
    const roles = settings.rigs.map((rig) => {
      const rigItself = anchor ? certified(rig, anchor) : new AccountRootPrincipal()
      const role = new Role(this, rig.id, {
        description: `Uploads the sessions of ${rig.id}, and signs its presigned uploads`,
        assumedBy: rigItself,
      })
      // Roles Anywhere hands the certificate's subject on as tags, and its serial number as the identity of the source.
      if (anchor)
        role.assumeRolePolicy?.addStatements(
          new PolicyStatement({ actions: ['sts:TagSession', 'sts:SetSourceIdentity'], principals: [rigItself] }),
        )
      intake.letWrite(
        role,
        rig.prefixes.map((prefix) => `intake/${prefix}*`),
        `Sessions have many files; all of ${rig.id} lie below its own prefixes.`,
      )
      // What an audit judges by is the auditor's, also where a rig's prefix is a whole campaign.
      role.addToPolicy(
        new PolicyStatement({
          effect: Effect.DENY,
          actions: ['s3:PutObject'],
          resources: [intake.arnForObjects('intake/*/declaration.yaml')],
        }),
      )
      this.outputs[`RigRole${rig.id.replaceAll('-', '')}`] = role.roleArn
      return role
    })
    if (anchor && roles.length > 0)
      new CfnProfile(this, 'Profile', {
        name: `domicile-${settings.stage}-rigs`,
        enabled: true,
        roleArns: roles.map(({ roleArn }) => roleArn),
      })
  }

  /** IAM Roles Anywhere: a rig without AWS shows a certificate of this authority, and gets an hour's credentials. */
  private trust(file: string): CfnTrustAnchor {
    return new CfnTrustAnchor(this, 'Authority', {
      name: 'domicile-rigs',
      enabled: true,
      source: { sourceType: 'CERTIFICATE_BUNDLE', sourceData: { x509CertificateData: readFileSync(file, 'utf8') } },
    })
  }
}

/** Whoever holds a certificate with the rig's id as its common name. */
function certified({ id }: Rig, anchor: CfnTrustAnchor): IPrincipal {
  return new ServicePrincipal('rolesanywhere.amazonaws.com', {
    conditions: {
      StringEquals: { 'aws:PrincipalTag/x509Subject/CN': id },
      ArnEquals: { 'aws:SourceArn': anchor.attrTrustAnchorArn },
    },
  })
}
