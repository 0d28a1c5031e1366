/** Query: observations, which of them a report counts, and findings as tables of Athena, at any size, with the questions that auditors ask first. */
import { Stack } from 'aws-cdk-lib'
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena'
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue'
import { Construct } from 'constructs'
import type { Store } from './bucket.ts'
import { questions } from './questions.ts'
import type { Settings } from './settings.ts'
import { counted, findings, observations } from './tables.ts'

/** A question that reads more is stopped: at 5 dollars a TiB, half a dollar. */
const MOST_SCANNED = 100 * 1024 ** 3

export interface QueryProps {
  readonly settings: Settings
  readonly evidence: Store
  readonly reports: Store
}

export class Query extends Construct {
  readonly workgroup: string

  constructor(scope: Construct, id: string, { settings, evidence, reports }: QueryProps) {
    super(scope, id)
    const databaseName = `domicile_${settings.stage}`
    const catalogId = Stack.of(this).account
    const database = new CfnDatabase(this, 'Database', {
      catalogId,
      databaseInput: { name: databaseName, description: 'What devices sent, and what audits found' },
    })
    const tables = {
      Observations: observations(evidence.bucketName),
      Counted: counted(evidence.bucketName),
      Findings: findings(reports.bucketName),
    }
    for (const [name, tableInput] of Object.entries(tables))
      new CfnTable(this, name, { catalogId, databaseName, tableInput }).addResourceDependency(database)

    this.workgroup = `domicile-${settings.stage}`
    const workgroup = new CfnWorkGroup(this, 'Workgroup', {
      name: this.workgroup,
      description: 'Questions about observations and findings',
      // What goes with it is the list of what was asked; the answers stay in their bucket.
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: MOST_SCANNED,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: `s3://${evidence.bucketName}/queries/`,
          encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: evidence.encryptionKey?.keyArn ?? '' },
        },
      },
    })
    const campaign = settings.audits[0]?.campaign ?? 'redmi-1s'
    for (const { name, description, sql } of questions(campaign)) {
      const query = new CfnNamedQuery(this, name, {
        name,
        description,
        database: databaseName,
        workGroup: this.workgroup,
        queryString: sql,
      })
      query.addResourceDependency(workgroup)
    }
  }
}
