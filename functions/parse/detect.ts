/** Chooses the parser by content, never by a file's name. */
import { InputError } from '../errors.ts'
import type { Parser, ParseSink } from '../model.ts'
import { looksLikePcap, PcapParser } from './pcap.ts'
import { looksLikePcapng, PcapngParser } from './pcapng.ts'
import { looksLikeVpcFlowLog, VpcFlowLogParser } from './vpc-flow-log.ts'

/** As many bytes of a capture as are looked at to tell its format. */
export const HEAD_LENGTH = 16_384

/** What a reader may be told about a capture. */
export interface ParseOptions {
  /** Field order of a VPC flow log that has no header line. */
  readonly format?: string
}

/**
 * The parser for a capture that begins with `head` (its first {@link HEAD_LENGTH} bytes, or all where it is shorter); the
 * parser then wants those bytes too.
 *
 * @throws InputError where the bytes are no capture that is known
 */
export function openParser(head: Uint8Array, sink: ParseSink, options: ParseOptions): Parser {
  if (head.length === 0) throw new InputError('the file is empty; nothing was captured', { offset: 0 })
  if (looksLikePcap(head)) return new PcapParser(sink)
  if (looksLikePcapng(head)) return new PcapngParser(sink)
  if (looksLikeVpcFlowLog(head, options.format)) return new VpcFlowLogParser(sink, options)
  throw new InputError(
    'not a capture that is known: it is neither pcap nor pcapng, nor a VPC flow log; ' +
      'a flow log without a header line needs its field order (--format)',
    { offset: 0 },
  )
}
