/** The wildcards that a policy of the stack may have, each with its reason. Whatever is not here fails a test. */
export const WILDCARDS: readonly (readonly [pattern: RegExp, because: string])[] = [
  [/^intakebucket\/intake\/redmi-1s\/[\w-]+\/\*$/, "a rig's own prefixes: its sessions have many files"],
  [/^intakebucket\/intake\/\*$/, 'ingest and plan read what every rig uploads'],
  [/^intakebucket\/intake\/\*\/(session\.yaml|seal\.json)$/, 'watch reads every session and its seal, and no capture'],
  [/^ingestevidence\/(observations|ledger|receipts|quarantine|attempts)\/\*$/, 'a capture gives any number of objects'],
  [/^ingestevidence\/audits\/(map-runs\/|\*\/partial\/)?\*$/, 'each audit has a folder of its own'],
  [/^ingestevidence\/(claims|counted)\/\*$/, "each report's folder has a claim, and a list of what it counts"],
  [/^referencebucket\/(ranges|geofeed|anycast|database)\/\*$/, 'each snapshot is an object'],
  [/^reportsbucket\/(reports|latest)\/\*$/, 'each report has a folder, each declaration a pointer'],
  [/^reportsbucket\/reports\/\*\/attestation\.dsse\.json$/, 'sign adds one file to every report'],
  [/^accesslogs\/(intake|ingest|reference|reports)\/\*$/, 'S3 writes the access log of a bucket below its own prefix'],
  [
    /^(intakebucket|ingestevidence|referencebucket|reportsbucket)\/\*$/,
    'the way out of the network leads to our buckets',
  ],
  [
    /^function:(AuditPlan|AuditBatch|AuditConclude|AuditSign|ReferenceFunction|WatchFunction):\*$/,
    'versions of a function',
  ],
  [/^execution:AuditMachine(\/\*)?:\*$/, 'the machine starts and stops the runs of its own map'],
  [/^log-group:\w+(Logs|Flows):\*$/, 'the streams of one log'],
  [/^xray:(PutTraceSegments|PutTelemetryRecords|GetSamplingRules|GetSamplingTargets) on \*$/, 'X-Ray has no resources'],
  [
    /^ec2:(Create|Delete|Describe)NetworkInterfaces? on \*$|^ec2:(Una|A)ssignPrivateIpAddresses on \*$|^ec2:DescribeSubnets on \*$/,
    'Lambda connects functions to the network; their code is denied the same',
  ],
  [
    /^logs:((Create|Delete|Get|Update)LogDelivery|ListLogDeliveries|DescribeLogGroups|(Put|Describe)Resource(Policy|Policies)) on \*$/,
    'Step Functions delivers logs; these actions have no resources',
  ],
  [/^kms:\*( on \*)?$/, "a key's own policy hands the key to the account, whose roles then have to be allowed"],
  [/^kms:(GenerateDataKey|Decrypt) on \*$/, "in a key's own policy every resource is that key: alarms use the topics'"],
]
