/**
 * Which records a capture may leave out and still count as whole: those that are not traffic, and those whose traffic is in a
 * flow that is counted. Every other reason may hide a flow, one that is not listed here too: rows and packets that are
 * malformed, too long, cut short or not readable; that lack an address, a time, its zone, a template or an id; `capture-loss`,
 * `weird-data-missing` and `sflow-datagram`; `no-conn-row`, `no-conn-log-beside-it` and `too-many-names`, by which names are
 * lost; `no-server-address`, `behind-upstream-proxy` and `blocked-request` (a reply may have been blocked, not the request);
 * `replayed-by-proxy`; `tar-member-not-known` and `not-netflow`, which may be evidence that was not understood.
 */

/** What carries no IP, by the names that link layers are counted under; others (MACsec, MPLS, an unknown EtherType) may. */
const WITHOUT_IP: ReadonlySet<string> = new Set([
  'ARP',
  'RARP',
  'AppleTalk',
  'CFM',
  'EAPOL',
  'EtherCAT',
  'Ethernet flow control',
  'GOOSE',
  'HomePlug',
  'IEEE 1905.1',
  'IPX',
  'ISO CLNS',
  'LLC',
  'LLDP',
  'LLTD',
  'loopback',
  'PPP control',
  'PPPoE discovery',
  'PROFINET',
  'PTP',
  'RRCP',
  'sampled values',
  'slow protocols',
])

const HARMLESS: ReadonlySet<string> = new Set([
  // The statement that there was no traffic, or that none was lost.
  'NODATA',
  'nothing-lost',
  // What a service writes about its own log, an exporter about itself, an archive about a file without content.
  'aws-write-test',
  'cloudwatch-control-message',
  'options-record',
  'tar-member-empty',
  // A browser's entries for which nothing went over the network.
  'served-from-cache',
  'not-a-network-request',
  // Told a second time: the first has counted the flow.
  'same-connection',
  'same-flow',
  'netflow-beside-flow',
  // The tunnel's own row has the same bytes.
  'inside-tunnel',
  // Look-ups that gave no address, or one of a tunnel's network. The flow that carried them has a record of its own.
  'dns-in-tunnel',
  'dns-of-neighbours',
  'dns-of-other-types',
  'dns-query-says-no-flow',
  'dns-rejected',
  'dns-without-address',
  'eve-dns-says-no-flow',
  // Oddities of connections that conn.log has; missing data is `weird-data-missing`.
  'weird',
])

/**
 * Logs of Zeek and its packages about connections that conn.log has, or about none. Others may hold connections under a name of
 * their own (`conn_internal`), or names of them.
 * https://docs.zeek.org/en/master/script-reference/log-files.html
 */
const ZEEK_LOGS: ReadonlySet<string> = new Set(
  `analyzer analyzer_debug bacnet barnyard2 broker capture_loss cluster config dce_rpc dhcp dnp3 dpd dpd_debug enip ethercat
  files ftp geneve intel ipsec irc kerberos known_certs known_devices known_domains known_hosts known_modbus known_names
  known_remotes known_services known_users ldap ldap_search loaded_scripts login modbus modbus_register_change mqtt_connect
  mqtt_publish mqtt_subscribe mysql netcontrol netcontrol_catch_release netcontrol_drop netcontrol_shunt notice
  notice_alarm ntlm ntp ocsp opcua openflow packet_filter pe postgresql print profinet radius rdp redis reporter rfb s7comm
  signatures sip smb_cmd smb_files smb_mapping smtp snmp socks software ssh stats stderr stdout stun syslog telemetry
  telemetry_histogram tftp traceroute tunnel unified2 unknown_protocols vpn websocket weird_stats wireguard x509`.split(
    /\s+/,
  ),
)

/**
 * Suricata's events about flows that have flow events, or about none; a log without flow events has a gap instead.
 * https://docs.suricata.io/en/latest/output/eve/eve-json-format.html
 */
const EVE_EVENTS: ReadonlySet<string> = new Set(
  `anomaly arp bittorrent_dht dcerpc dhcp dnp3 drop engine enip fileinfo frame ftp ftp_data http2 ike ikev2 krb5 ldap mdns
  metadata modbus mqtt nfs packetinfo pgsql pop3 rdp rfb sip smb smtp snmp ssh stats template tftp websocket`.split(
    /\s+/,
  ),
)

/** @param reason of a ledger's `leftOut` */
export function isHarmless(reason: string): boolean {
  if (HARMLESS.has(reason) || /^(not a packet: |the same capture as )/.test(reason)) return true
  const notIp = /^not IP: (.*)$/.exec(reason)?.[1]
  if (notIp !== undefined) return WITHOUT_IP.has(notIp)
  const [, log, kind = ''] = /^(zeek|eve)-(.*)-says-no-flow$/.exec(reason) ?? []
  return log === 'zeek' ? ZEEK_LOGS.has(kind) : log === 'eve' && EVE_EVENTS.has(kind)
}
