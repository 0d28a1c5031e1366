/** Export datagrams in whatever they were kept in: a packet capture, or a file of datagrams. */
import type { CaptureReading, Parser, ParseSink } from '../../model.ts'
import { looksLikePcap, PcapParser } from '../pcap.ts'
import { looksLikePcapng, PcapngParser } from '../pcapng.ts'
import { DatagramCapture } from './datagram-capture.ts'
import { DatagramFileParser } from './datagram-file.ts'
import { isNetflow, looksLikeDatagrams } from './looks-like-netflow.ts'

/** A packet capture is read as packets unless it is said to be of export datagrams: it always holds both. */
export function looksLikeNetflow(head: Uint8Array, { format }: CaptureReading): boolean {
  return isNetflow(format) || looksLikeDatagrams(head)
}

export function openNetflow(sink: ParseSink, head: Uint8Array): Parser {
  if (looksLikePcap(head)) return new PcapParser(sink, {}, new DatagramCapture(sink))
  if (looksLikePcapng(head)) return new PcapngParser(sink, {}, new DatagramCapture(sink))
  return new DatagramFileParser(sink)
}
