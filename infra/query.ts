/** Query: observations and findings as tables of Athena, at any size, with the questions that auditors ask first. */
import { Stack } from 'aws-cdk-lib'
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena'
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue'
import { Construct } from 'constructs'
import { columns } from '../functions/observe/columns.ts'
import type { Store } from './bucket.ts'
import { questions } from './questions.ts'
import type { Settings } from './settings.ts'

/** Types of functions/observe/columns.ts in Athena's words. */
const TYPES = {
  text: 'string',
  int32: 'int',
  int64: 'bigint',
  double: 'double',
  boolean: 'boolean',
  timestamp: 'timestamp',
} as const

/** Of `findings.csv`, whose cells are all quoted text; a test holds them against functions/report/findings-csv.ts. */
export const FINDINGS_COLUMNS =
  'id verdict rule service phase host known_by remote_ip remote_port protocol grade country subdivision city cloud prefix ' +
  'flows bytes_out bytes_in first last sessions steps waiver reasons settle location_id captures'

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
    const observations = new CfnTable(this, 'Observations', {
      catalogId,
      databaseName,
      tableInput: observationsTable(evidence.bucketName),
    })
    const findings = new CfnTable(this, 'Findings', {
      catalogId,
      databaseName,
      tableInput: findingsTable(reports.bucketName),
    })
    for (const table of [observations, findings]) table.addResourceDependency(database)

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

/**
 * Partitions are worked out from the question, so nothing has to be crawled. A question names its campaign; dates before 2010
 * (a rig whose clock was never set) are left to DuckDB.
 */
function observationsTable(bucket: string): CfnTable.TableInputProperty {
  const location = `s3://${bucket}/observations/`
  return {
    name: 'observations',
    description: 'Flows by session, step, hour, name, remote address, port and protocol',
    tableType: 'EXTERNAL_TABLE',
    partitionKeys: [
      { name: 'campaign', type: 'string' },
      { name: 'date', type: 'string' },
    ],
    parameters: {
      classification: 'parquet',
      'projection.enabled': 'true',
      'projection.campaign.type': 'injected',
      'projection.date.type': 'date',
      'projection.date.format': 'yyyy-MM-dd',
      'projection.date.range': '2010-01-01,NOW+1DAYS',
      'projection.date.interval': '1',
      'projection.date.interval.unit': 'DAYS',
      'storage.location.template': `${location}campaign=\${campaign}/date=\${date}`,
    },
    storageDescriptor: {
      location,
      columns: columns.map(({ name, type }) => ({ name, type: TYPES[type] })),
      inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
      outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
      serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
    },
  }
}

/** A question names the declaration's id and the report's time, and reads `findings.csv` of that folder only, by its "$path". */
function findingsTable(bucket: string): CfnTable.TableInputProperty {
  const location = `s3://${bucket}/reports/`
  return {
    name: 'findings',
    description: 'Findings of one report: observations hold no location, findings do',
    tableType: 'EXTERNAL_TABLE',
    partitionKeys: [
      { name: 'declaration', type: 'string' },
      { name: 'time', type: 'string' },
    ],
    parameters: {
      classification: 'csv',
      'skip.header.line.count': '1',
      'projection.enabled': 'true',
      'projection.declaration.type': 'injected',
      'projection.time.type': 'injected',
      'storage.location.template': `${location}\${declaration}/\${time}`,
    },
    storageDescriptor: {
      location,
      columns: FINDINGS_COLUMNS.split(' ').map((name) => ({ name, type: 'string' })),
      inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
      outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
      serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.serde2.OpenCSVSerde' },
    },
  }
}
