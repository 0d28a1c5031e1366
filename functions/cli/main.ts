#!/usr/bin/env node
/** The command line: declares commands and their flags, and loads a command's code only when it is asked for. */
import { Command, CommanderError } from 'commander'
import { PROGRAM } from '../report/program.ts'
import { explainSystemError, isSystemError } from './system-error.ts'
import type { ExitStatus, Terminal } from './terminal.ts'

const terminal: Terminal = {
  out: (text) =>
    new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve()))),
  err: (text) => void process.stderr.write(text),
  interactive: process.stderr.isTTY === true,
  // https://no-color.org
  color: process.stdout.isTTY === true && !process.env.NO_COLOR,
  stdin: process.stdin,
  env: process.env,
}

/** Runs the program and gives its exit status. */
async function main(argv: readonly string[]): Promise<ExitStatus> {
  let status: ExitStatus = 0
  const program = new Command('domicile')
    .description("Audits where a device's data really goes against where its vendor says it goes.")
    .version(PROGRAM.version)
    .addHelpText(
      'after',
      '\nWherever a file or folder is taken, s3://bucket/key and s3://bucket/prefix are taken too.\n' +
        'Example: domicile audit s3://intake-bucket/intake/redmi-1s -o s3://my-bucket/redmi-report',
    )
    .showHelpAfterError('Run `domicile --help` for the commands, `domicile COMMAND --help` for one.')
    .exitOverride()

  program
    .command('audit')
    .description('parse, attribute, observe, locate, judge, report: the whole job')
    .argument('<path...>', 'a campaign folder, or log files with a declaration')
    .option('-d, --declaration <file>', "the declaration; default: the campaign folder's declaration.yaml")
    .option(
      '-r, --reference <folder>',
      "dated address ranges; default: the campaign folder's reference/, else DOMICILE_REFERENCE, else ./reference",
    )
    .option('-o, --out <folder>', 'where the report goes', 'domicile-report')
    .option('--as-of <time>', 'the day for which waivers are judged; default: the end of the evidence')
    .option(
      '--format <fields>',
      'field order of VPC flow logs without a header line; or netflow: packets that are NetFlow',
    )
    .option('--time-zone <zone>', 'of logs that write times without one, such as Asia/Kolkata')
    .option('--columns <map>', 'which column holds what, of CSV or JSON of any shape: start=ts,initiatorIp=src,…')
    .option('--keys <file>', 'secrets of TLS connections in packet captures, as SSLKEYLOGFILE has a client write them')
    .option(
      '--seed-key <file>',
      'key of the planted identifiers, so that they are looked for; or DOMICILE_SEED_KEY_FILE',
    )
    .option('--json', 'print report.json on stdout instead of the summary')
    .addHelpText(
      'after',
      `
Exit status: 0 pass, 1 fail, 2 the command or its input is wrong, 3 inconclusive.

Examples:
  domicile audit examples/redmi-1s --seed-key examples/redmi-1s.seed-key -o redmi-report
  domicile audit capture.pcap -d declaration.yaml -r reference
  domicile audit s3://intake-bucket/intake/redmi-1s -r s3://reference-bucket -o redmi-report`,
    )
    .action(async (paths: string[], options) => {
      status = await (await import('./audit-command.ts')).run(paths, options, terminal)
    })

  program
    .command('flows')
    .description('what parse and attribute make of log files: a JSON line a flow, then a ledger line a file')
    .argument('<file...>', 'captures and logs; gzip and zstd are seen through')
    .option('--session <file>', 'a session.yaml that says which end is the device')
    .option(
      '--format <fields>',
      'field order of VPC flow logs without a header line; or netflow: packets that are NetFlow',
    )
    .option('--time-zone <zone>', 'of logs that write times without one, such as Asia/Kolkata')
    .option('--columns <map>', 'which column holds what, of CSV or JSON of any shape: start=ts,initiatorIp=src,…')
    .option('--keys <file>', 'secrets of TLS connections in packet captures, as SSLKEYLOGFILE has a client write them')
    .addHelpText(
      'after',
      `
Examples:
  domicile flows capture.pcapng | jq 'select(.names | length > 0)'
  domicile flows --format 'version srcaddr dstaddr srcport dstport protocol packets bytes start end' flow.log.gz`,
    )
    .action(async (files: string[], options) => {
      status = await (await import('./flows-command.ts')).run(files, options, terminal)
    })

  program
    .command('observe')
    .description("the files' observations (Parquet) and ledgers, as ingest writes them")
    .argument('<file...>', 'captures and logs')
    .requiredOption('-o, --out <folder>', 'where observations/ and ledger/ go')
    .option('--session <file>', 'the session.yaml of these captures')
    .option('--campaign <name>', 'the campaign they belong to', 'local')
    .option(
      '--format <fields>',
      'field order of VPC flow logs without a header line; or netflow: packets that are NetFlow',
    )
    .option('--time-zone <zone>', 'of logs that write times without one, such as Asia/Kolkata')
    .option('--columns <map>', 'which column holds what, of CSV or JSON of any shape: start=ts,initiatorIp=src,…')
    .option('--keys <file>', 'secrets of TLS connections in packet captures, as SSLKEYLOGFILE has a client write them')
    .option(
      '--seed-key <file>',
      'key of the planted identifiers, so that they are looked for; or DOMICILE_SEED_KEY_FILE',
    )
    .option('--salts <salt...>', 'what the declaration says that hashes are salted with')
    .addHelpText(
      'after',
      '\nExamples:\n  domicile observe --session session.yaml captures/*.pcap -o evidence\n  domicile observe s3://my-bucket/capture.pcap -o s3://my-bucket/evidence',
    )
    .action(async (files: string[], options) => {
      status = await (await import('./observe-command.ts')).run(files, options, terminal)
    })

  program
    .command('locate')
    .description('where an address is, how sure, and every piece of evidence')
    .argument('<ip...>', 'addresses; - reads them from stdin, a line each')
    .option('--at <date>', 'as of this time (ISO 8601; UTC where it has no zone); default: now')
    .option(
      '-r, --reference <folder>',
      'dated address ranges and databases, as `snapshots` keeps them; default: DOMICILE_REFERENCE, else ./reference',
    )
    .option('--rig <lat,lon>', 'where a rig stands that connected to the address, in degrees; with --handshake')
    .option('--handshake <ms>', 'the smallest time between its SYN and the SYN-ACK')
    .option(
      '--name <host>',
      'a name for which a resolver gave the address; may be given for each',
      (text: string, given: readonly string[] = []) => [...given, text],
    )
    .option('--json', 'a JSON line an address')
    .addHelpText(
      'after',
      `
First the place and its grade (proven, corroborated, suspected, conflicted, edge or unknown; docs/locating.md), then
the evidence for it, what does not support it, what would settle it, and the files behind all that by date and SHA-256.
Exit status: 2 where something is no IP address, or stdin has none; the others are located all the same.

Examples:
  domicile locate 54.222.0.1 --at 2014-11-03 -r reference
  domicile locate 54.68.0.1 --rig 28.61,77.21 --handshake 4      (from Delhi, in 4 ms)
  domicile locate --name ec2-54-68-0-1.us-west-2.compute.amazonaws.com 54.68.0.1
  domicile locate - --json -r reference < addresses.txt          (one a line; # begins a comment)`,
    )
    .action(async (ips: string[], options) => {
      status = await (await import('./locate-command.ts')).run(ips, options, terminal)
    })

  program
    .command('check')
    .description(
      'validates declarations, sessions, protocols and scripts: file, line, what is wrong, what to write instead',
    )
    .argument('<file...>', 'declaration.yaml, session.yaml and protocol files')
    .option('--as-of <time>', 'the day for which waivers are judged; default: now')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  domicile check declaration.yaml sessions/*/session.yaml')
    .action(async (files: string[], options) => {
      status = await (await import('./check-command.ts')).run(files, options, terminal)
    })

  const snapshots = program.command('snapshots').description('keeps the dated reference data')
  snapshots
    .command('add')
    .description(
      'takes a snapshot from a file, which may be packed with gzip; its date is the one that the file states',
    )
    .argument(
      '<source>',
      'what it is: KIND/SOURCE, such as ranges/aws; kinds are ranges, geofeed, anycast and database',
    )
    .argument('<file...>', "the publisher's file; or all files of a list that is published in several")
    .option('--date <day>', 'YYYY-MM-DD, when it was published: for files that do not say it themselves')
    .option(
      '--force',
      "take a file although its addresses do not look like the source's, it looks cut short, or it is kept as another",
    )
    .option('-r, --reference <folder>', 'the folder that keeps them; default: DOMICILE_REFERENCE, else ./reference')
    .addHelpText(
      'after',
      `
Examples:
  domicile snapshots add ranges/aws ip-ranges.json -r reference
  domicile snapshots add ranges/azure ServiceTags_Public_20241216.json
  domicile snapshots add geofeed/aws geo-ip-feed.csv --date 2025-09-18
  domicile snapshots add anycast/bgptools anycatch-v4-prefixes.csv anycatch-v6-prefixes.csv --date 2026-08-22
  domicile snapshots add database/dbip-city dbip-city-lite-2026-11.mmdb.gz`,
    )
    .action(async (source: string, files: string[], options) => {
      status = await (await import('./snapshots-command.ts')).add(source, files, options, terminal)
    })
  snapshots
    .command('list')
    .description('date, age, size, prefixes and hash of every snapshot')
    .option('-r, --reference <folder>', 'the folder that keeps them; default: DOMICILE_REFERENCE, else ./reference')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Exit status: 0, or 2 where a snapshot is broken; the others are listed all the same.

Examples:
  domicile snapshots list -r reference
  domicile snapshots list --json | jq '.snapshots[] | select(.ageDays > 35)'`,
    )
    .action(async (options) => {
      status = await (await import('./snapshots-list-command.ts')).list(options, terminal)
    })
  snapshots
    .command('refresh')
    .description('fetches every source from its publisher, and keeps what is new')
    .argument('[source...]', 'the sources to fetch; default: all but databases')
    .option('-r, --reference <folder>', 'the folder that keeps them; default: DOMICILE_REFERENCE, else ./reference')
    .option('--databases', 'fetch geolocation databases too: some 100 MB')
    .option(
      '--from <source=url>',
      'fetch a source that is named from here; may be given for each, and DOMICILE_REFRESH_FROM holds several',
      (text: string, given: readonly string[] = []) => [...given, text],
    )
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Each source may fail alone, and what was kept before stays. A file is refused that is cut short, empty, a web page, another
publisher's, older than the newest snapshot, of its instant with other content, or that lost more than a fifth of it. Where each
comes from, and under which terms: docs/snapshots.md.

Exit status: 0, or 2 where a source failed.

Examples:
  domicile snapshots refresh -r reference
  domicile snapshots refresh ranges/aws geofeed/aws
  domicile snapshots refresh ranges/aws --from ranges/aws=https://mirror.example.org/ip-ranges.json`,
    )
    .action(async (sources: string[], options) => {
      status = await (await import('./snapshots-refresh-command.ts')).refresh(sources, options, terminal)
    })

  program
    .command('explain')
    .description("one finding's whole chain of evidence")
    .argument('<out>', 'the folder that an audit wrote')
    .argument('<finding>', 'the id of a finding, such as F-1a2b3c4d')
    .addHelpText('after', '\nExample:\n  domicile explain redmi-report F-1a2b3c4d')
    .action(async (out: string, finding: string) => {
      status = await (await import('./explain-command.ts')).run(out, finding, terminal)
    })

  const rig = program.command('rig').description("the rig's side: runs a test protocol, captures, seals")
  rig
    .command('run')
    .description('leads an operator through a protocol: captures, stamps every step, and ends with a sealed session')
    .argument('<protocol>', 'a protocol, such as protocols/boxed-handset.yaml')
    .requiredOption('-o, --out <folder>', "the session's folder; a protocol with resets writes FOLDER-2 and so on too")
    .option('--resume', 'go on with the run in this folder, at the step that was open')
    .option('--interface <name>', 'where to capture, such as wlan0')
    .option('--rig <file>', 'a rig.yaml: id, place, interface, tool, ntp and canary of this rig')
    .option('--rig-id <id>', "the rig's name, where there is no rig.yaml")
    .option('--tool <name>', 'dumpcap or tcpdump; default: dumpcap where it is there')
    .option('--ntp <server>', 'host or host:port to hold the clock against where chrony does not run')
    .option('--canary <url>', "an http:// address for the protocol's canary")
    .option('--session <id>', "the session's id; default: the folder's name")
    .option('--script <file>', 'answers for the operator, step by step: the session says that it was unattended')
    .option('--time-scale <n>', 'with --script: waits are that much shorter, and the session says so')
    .option('--no-seal', 'leave the session open, to add to its folder and then `rig seal` it')
    .addHelpText(
      'after',
      `
Every step is stamped and is on the disk before the next one is asked for: after a crash or a lost line the same command with
--resume goes on where it was. At a prompt: Enter goes on, n TEXT notes a deviation, s REASON skips the step, r REASON is done and
does it again, q pauses. What is recorded, and what to have at hand: docs/rig.md.

Exit status: 0 the session is complete, 3 it was paused, 2 something is wrong.

Examples:
  domicile rig run protocols/boxed-handset.yaml -o 2026-11-23-delhi --interface wlan0 --rig rig.yaml
  domicile rig run protocols/boxed-handset.yaml -o 2026-11-23-delhi --resume
  domicile rig run smoke.yaml -o smoke --interface lo --rig-id desk --script answers.yaml --time-scale 60`,
    )
    .action(async (protocol: string, options) => {
      status = await (await import('./rig-run-command.ts')).run(protocol, options, terminal)
    })
  rig
    .command('key')
    .description('makes a seed key: what keeps planted identifiers from everybody else')
    .requiredOption('-o, --out <file>', 'where it goes, such as seed.key; a file that is there is never overwritten')
    .option('--kms <key>', 'id, ARN or alias of a symmetric key of AWS KMS that encrypts it')
    .addHelpText(
      'after',
      `
The file has 64 hex digits and is readable by its owner alone. Keep a copy apart from the sessions: without it nobody can open
what was planted, and with it anybody can. With --kms it holds what KMS encrypted, and takes kms:Decrypt to be used: as --seed-key,
and in the cloud as seeds/<id>.key of the reference bucket.

Examples:
  domicile rig key -o ~/seed.key
  domicile rig key --kms alias/domicile-prod-seeds -o ~/seed.key`,
    )
    .action(async (options) => {
      status = await (await import('./seed-key-command.ts')).run(options, terminal)
    })
  rig
    .command('seeds')
    .description("takes down what was planted on a session's device, so that only who has the key can read it")
    .argument('<session>', 'the folder of a session that is not sealed yet')
    .option('--key <file>', 'the seed key, as `rig key` makes it; default: DOMICILE_SEED_KEY_FILE')
    .option('--from <file>', 'read kinds and values from YAML instead of asking for them')
    .option('--replace', 'put them in the place of those that the session has')
    .addHelpText(
      'after',
      `
Asks for each identifier and shows nothing of what is typed. Every value is checked as far as it can be: the check digit of IMEIs
and SIM card numbers, telephone numbers in E.164 (+12025550143), hardware addresses, UUIDs, coordinates. session.yaml gets keyed
hashes, and seeds.json.enc beside it the encrypted values; nothing else ever holds them. \`audit --seed-key\` opens them.

Examples:
  domicile rig run protocols/boxed-handset.yaml -o 2026-11-23-delhi --interface wlan0 --no-seal
  domicile rig seeds 2026-11-23-delhi --key ~/seed.key
  domicile rig seal 2026-11-23-delhi

A list for --from, which belongs neither into the session's folder nor anywhere else once it was read:
  imei: "001012345678902"
  phone: "+12025550143"
  contact-name: [Ann Example, Bob Example]`,
    )
    .action(async (session: string, options) => {
      status = await (await import('./rig-seeds-command.ts')).run(session, options, terminal)
    })
  rig
    .command('seal')
    .description('seals a session that was made otherwise: the SHA-256 and size of every file of its folder')
    .argument('<session>', 'a folder with session.yaml and captures/')
    .addHelpText(
      'after',
      `
Nothing of the folder may be altered from then on: \`audit\` and \`upload\` refuse a session of which a single bit was.

Example:
  domicile rig seal 2026-11-23-delhi`,
    )
    .action(async (session: string) => {
      status = await (await import('./rig-seal-command.ts')).run(session, terminal)
    })

  program
    .command('upload')
    .description('puts a sealed session into a bucket or folder: resumable, checksummed, overwrites nothing')
    .argument('<session>', 'the folder of a sealed session')
    .argument('<target>', 's3://BUCKET/PREFIX or a folder; the session goes below it, in a folder of its id')
    .option('--campaign <name>', 'the campaign it belongs to: a folder between the target and the session')
    .addHelpText(
      'after',
      `
What is there already with the same SHA-256 is passed over, so that an upload that broke off is simply started again; large
files go on with the parts that have arrived. Where other bytes are under one of the names, nothing is written at all.
session.yaml comes last: without it, a session is not whole. A session that is not sealed, or was altered since, is refused.

Examples:
  domicile upload 2026-11-23-delhi s3://intake-bucket/intake --campaign redmi-1s
  domicile upload 2026-11-23-delhi s3://intake-bucket/intake/redmi-1s
  domicile upload 2026-11-23-delhi /mnt/evidence/redmi-1s`,
    )
    .action(async (session: string, target: string, options) => {
      status = await (await import('./upload-command.ts')).run(session, target, options, terminal)
    })

  program
    .command('deploy-check')
    .description('whether a deployment in AWS works: a line for everything that is looked at; changes nothing')
    .argument('<outputs>', 'the file that `cdk deploy --outputs-file` wrote')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Looks at the buckets (versions, encryption, Object Lock, public access), the way from intake to the queue, what ingest
and the audits have written, how old the reference data is, queues and dead letters, the last executions, and whether the
schedules are enabled. Needs credentials that may read the buckets, and sqs:GetQueueAttributes, states:ListExecutions and
scheduler:ListSchedules; what it may not see, it says.

Exit status: 0 nothing is wrong, 2 something is, or cannot be seen.

Example:
  domicile deploy-check outputs.json

where the file comes from: npx cdk deploy --outputs-file outputs.json`,
    )
    .action(async (outputs: string, options) => {
      status = await (await import('./deployment/deploy-check-command.ts')).run(outputs, options, terminal)
    })

  try {
    await program.parseAsync([...argv])
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    throw error
  }
  return status
}

// A reader that has seen enough (`domicile flows … | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

try {
  process.exitCode = await main(process.argv)
} catch (error) {
  const path = isSystemError(error) && error instanceof Error && 'path' in error ? `${error.path}: ` : ''
  terminal.err(`domicile: ${path}${explainSystemError(error)}\n`)
  process.exitCode = 2
}
