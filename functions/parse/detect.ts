/** Chooses the parser by content, never by a file's name. */
import { InputError } from '../errors.ts'
import type { CaptureReading, Parser, ParseSink } from '../model.ts'
import { AwsWriteTestParser, isAwsWriteTest } from './aws-write-test.ts'
import { CloudWatchLogParser } from './cloudwatch/cloudwatch-log.ts'
import { beginsJson, looksLikeCloudWatch } from './cloudwatch/looks-like-cloudwatch.ts'
import { EveParser } from './eve/eve-log.ts'
import { looksLikeEve } from './eve/looks-like-eve.ts'
import { HarParser } from './har/har.ts'
import { looksLikeHar } from './har/looks-like-har.ts'
import { looksMapped, openMapped } from './mapped/mapped-log.ts'
import { looksLikeMitmproxy, MitmproxyParser } from './mitmproxy/mitmproxy.ts'
import { nearMiss } from './near-miss.ts'
import { looksLikeNetflow, openNetflow } from './netflow/netflow.ts'
import { looksLikeNfdump, openNfdump } from './nfdump/nfdump.ts'
import { looksLikePcap, PcapParser } from './pcap.ts'
import { looksLikePcapdroid, PcapdroidParser } from './pcapdroid/pcapdroid.ts'
import { looksLikePcapng, PcapngParser } from './pcapng.ts'
import { looksLikeVpcFlowLog, VpcFlowLogParser } from './vpc-flow-log.ts'
import { looksLikeParquet, VpcParquetParser } from './vpc-parquet.ts'
import type { ZeekJoin } from './zeek/join.ts'
import { looksLikeZeek } from './zeek/looks-like-zeek.ts'
import { ZeekParser } from './zeek/zeek-log.ts'

/** As many bytes of a capture as are looked at to tell its format. */
export const HEAD_LENGTH = 16_384

/** A format that is recognised by its first bytes. */
interface Format {
  looksLike(head: Uint8Array, reading: CaptureReading): boolean
  /**
   * @param head what {@link looksLike} was asked about
   * @param zeek joins this capture with those that are read together with it
   */
  open(sink: ParseSink, reading: CaptureReading, head: Uint8Array, zeek?: ZeekJoin): Parser
}

/** In the order in which they are tried: those first that begin with a number of their own. */
const FORMATS: readonly Format[] = [
  { looksLike: looksLikeNfdump, open: openNfdump },
  { looksLike: looksLikeNetflow, open: (sink, _, head) => openNetflow(sink, head) },
  { looksLike: looksLikePcap, open: (sink, reading) => new PcapParser(sink, reading) },
  { looksLike: looksLikePcapng, open: (sink, reading) => new PcapngParser(sink, reading) },
  { looksLike: looksMapped, open: openMapped },
  { looksLike: looksLikePcapdroid, open: (sink, reading) => new PcapdroidParser(sink, reading) },
  { looksLike: looksLikeEve, open: (sink, reading, head) => new EveParser(sink, reading, head) },
  { looksLike: looksLikeParquet, open: (sink) => new VpcParquetParser(sink) },
  { looksLike: looksLikeHar, open: (sink, reading, head) => new HarParser(sink, reading, head) },
  { looksLike: looksLikeMitmproxy, open: (sink) => new MitmproxyParser(sink) },
  { looksLike: looksLikeZeek, open: (sink, reading, _, zeek) => new ZeekParser(sink, reading, zeek) },
  { looksLike: isAwsWriteTest, open: () => new AwsWriteTestParser() },
  {
    looksLike: looksLikeCloudWatch,
    open: (sink, reading, head) => new CloudWatchLogParser(sink, reading, beginsJson(head)),
  },
  {
    looksLike: (head, { format }) => looksLikeVpcFlowLog(head, format),
    open: (sink, reading) => new VpcFlowLogParser(sink, reading),
  },
]

/**
 * The parser for a capture that begins with `head` (its first {@link HEAD_LENGTH} bytes, or all where it is shorter); the
 * parser then wants those bytes too.
 *
 * @throws InputError where the bytes are no capture that is known
 */
export function openParser(head: Uint8Array, sink: ParseSink, reading: CaptureReading, zeek?: ZeekJoin): Parser {
  if (head.length === 0) throw new InputError('the file is empty; nothing was captured', { offset: 0 })
  const format = FORMATS.find(({ looksLike }) => looksLike(head, reading))
  if (format) return format.open(sink, reading, head, zeek)
  const near = nearMiss(head)
  throw new InputError(
    near === null
      ? 'not a capture that is known: docs/formats.md lists what is read, and how to make one'
      : `not a capture that is known: ${near} (docs/formats.md)`,
    { offset: 0 },
  )
}
