/**
 * The session whose rig is a gateway in a VPC: the device reaches the Internet through a tunnel into it, and the evidence
 * is the flow log of the gateway's network interface. Such a log names no hosts.
 */
import { defaultFields, type VpcRow, writeVpcFlowLog } from '../../../test/support/wire/vpc-flow-log-writer.ts'
import { utc } from './tap.ts'

/** Version 3's fields: with `pkt-` the ends of the packets, where the interface only passes them on. */
const fields = [...defaultFields, 'tcp-flags', 'type', 'pkt-srcaddr', 'pkt-dstaddr']

const device = '10.77.0.20'
const gateway = '10.77.0.5'
/** AWS's documentation uses this account; it is nobody's. */
const who: VpcRow = { version: 3, 'account-id': '123456789012', 'interface-id': 'eni-0123456789abcdef0' }

const SYN = 2
const SYN_ACK = 18
const FIN = 1

/** Seconds since the epoch, as the log counts. */
const at = (time: string) => utc(`2014-11-10T${time}Z`) / 1e6

/** Both directions of a connection from the device, passed on by the gateway. */
function connection(
  from: string,
  until: string,
  port: number,
  remote: string,
  sent: number[],
  got: number[],
): VpcRow[] {
  const [packetsOut, bytesOut] = sent
  const [packetsIn, bytesIn] = got
  const common = {
    ...who,
    protocol: 6,
    start: at(from),
    end: at(until),
    action: 'ACCEPT',
    'log-status': 'OK',
    type: 'IPv4',
  }
  return [
    {
      ...common,
      srcaddr: device,
      dstaddr: gateway,
      srcport: port,
      dstport: 443,
      packets: packetsOut ?? 0,
      bytes: bytesOut ?? 0,
      'tcp-flags': SYN | FIN,
      'pkt-srcaddr': device,
      'pkt-dstaddr': remote,
    },
    {
      ...common,
      srcaddr: gateway,
      dstaddr: device,
      srcport: 443,
      dstport: port,
      packets: packetsIn ?? 0,
      bytes: bytesIn ?? 0,
      'tcp-flags': SYN_ACK | FIN,
      'pkt-srcaddr': remote,
      'pkt-dstaddr': device,
    },
  ]
}

/** The device asks the VPC's resolver; both ends are private. */
function lookUp(from: string, until: string, port: number): VpcRow[] {
  const common = { ...who, protocol: 17, packets: 2, start: at(from), end: at(until), action: 'ACCEPT', type: 'IPv4' }
  const status = { 'log-status': 'OK', 'tcp-flags': 0 }
  const out = { srcaddr: device, dstaddr: '10.77.0.2', 'pkt-srcaddr': device, 'pkt-dstaddr': '10.77.0.2' }
  const back = { srcaddr: '10.77.0.2', dstaddr: device, 'pkt-srcaddr': '10.77.0.2', 'pkt-dstaddr': device }
  return [
    { ...common, ...status, ...out, srcport: port, dstport: 53, bytes: 136 },
    { ...common, ...status, ...back, srcport: 53, dstport: port, bytes: 168 },
  ]
}

const silence = (from: string, until: string, status: 'NODATA' | 'SKIPDATA'): VpcRow => ({
  ...who,
  start: at(from),
  end: at(until),
  'log-status': status,
})

/** An hour's log: two windows of traffic, one without any, one that the log itself lost, one more of traffic. */
export function vpcFlowLog(): string {
  return writeVpcFlowLog(fields, [
    ...lookUp('06:01:12', '06:01:40', 40_112),
    ...connection('06:01:13', '06:02:02', 40_120, '54.251.30.40', [14, 2_310], [13, 1_904]),
    ...connection('06:04:20', '06:05:11', 40_131, '42.62.94.239', [12, 2_148], [11, 1_520]),
    ...connection('06:12:08', '06:12:50', 40_177, '54.176.40.5', [11, 1_870], [10, 1_322]),
    silence('06:20:00', '06:29:59', 'NODATA'),
    silence('06:30:00', '06:39:59', 'SKIPDATA'),
    ...lookUp('06:41:02', '06:41:30', 40_215),
    ...connection('06:41:03', '06:41:52', 40_220, '54.251.30.40', [12, 1_990], [11, 1_460]),
    silence('06:50:00', '06:59:59', 'NODATA'),
  ])
}
