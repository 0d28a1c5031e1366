/** The tables of Athena. Which folders there are is worked out from the question, so nothing has to be crawled. */
import type { CfnTable } from 'aws-cdk-lib/aws-glue'
import { columns } from '../functions/observe/columns.ts'

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

/** The question itself has to name the value. */
const NAMED = { type: 'injected' }

/** A question names its campaign; dates before 2010 (a rig whose clock was never set) are left to DuckDB. */
export function observations(bucket: string): CfnTable.TableInputProperty {
  return tableOf({
    name: 'observations',
    description: 'Flows by session, step, hour, name, remote address, port and protocol',
    location: `s3://${bucket}/observations/`,
    folders: `campaign=\${campaign}/date=\${date}`,
    keys: {
      campaign: NAMED,
      date: {
        type: 'date',
        format: 'yyyy-MM-dd',
        range: '2010-01-01,NOW+1DAYS',
        interval: '1',
        'interval.unit': 'DAYS',
      },
    },
    columns: columns.map(({ name, type }) => ({ name, type: TYPES[type] })),
    parameters: { classification: 'parquet' },
    format: {
      inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
      outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
      serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
    },
  })
}

/** A question names the declaration's id and the report's time, and reads `findings.csv` of that folder only, by its "$path". */
export function findings(bucket: string): CfnTable.TableInputProperty {
  return tableOf({
    name: 'findings',
    description: 'Findings of one report: observations hold no location, findings do',
    location: `s3://${bucket}/reports/`,
    folders: `\${declaration}/\${time}`,
    keys: { declaration: NAMED, time: NAMED },
    columns: FINDINGS_COLUMNS.split(' ').map((name) => ({ name, type: 'string' })),
    ...CSV,
  })
}

/** A question names the report in the same way, and takes of the observations only those whose file is called `<evidence>.parquet`. */
export function counted(bucket: string): CfnTable.TableInputProperty {
  return tableOf({
    name: 'counted',
    description:
      'Evidence that one report counts: others hold captures of it too, as they were uploaded or read before',
    location: `s3://${bucket}/counted/`,
    folders: `\${declaration}/\${time}`,
    keys: { declaration: NAMED, time: NAMED },
    columns: [{ name: 'evidence', type: 'string' }],
    ...CSV,
  })
}

const CSV = {
  parameters: { classification: 'csv', 'skip.header.line.count': '1' },
  format: {
    inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.serde2.OpenCSVSerde' },
  },
}

interface PartitionedTable {
  readonly name: string
  readonly description: string
  readonly location: string
  /** A partition's folder below the location; `${key}` stands for the value of a key. */
  readonly folders: string
  /** How the values of a key are found: https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html */
  readonly keys: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly columns: CfnTable.ColumnProperty[]
  readonly parameters: Readonly<Record<string, string>>
  readonly format: CfnTable.StorageDescriptorProperty
}

function tableOf(table: PartitionedTable): CfnTable.TableInputProperty {
  const { name, description, location, folders, keys, columns, parameters, format } = table
  const projection = Object.entries(keys).flatMap(([key, settings]) =>
    Object.entries(settings).map(([setting, value]) => [`projection.${key}.${setting}`, value]),
  )
  return {
    name,
    description,
    tableType: 'EXTERNAL_TABLE',
    partitionKeys: Object.keys(keys).map((key) => ({ name: key, type: 'string' })),
    parameters: {
      ...parameters,
      'projection.enabled': 'true',
      ...Object.fromEntries(projection),
      'storage.location.template': location + folders,
    },
    storageDescriptor: { location, columns, ...format },
  }
}
