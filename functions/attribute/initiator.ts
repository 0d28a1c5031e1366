/** Who opened a conversation whose opening was not seen. */

/**
 * Ports on which servers listen although they lie where clients also take theirs from, beyond those of IANA's system range
 * (0–1023, RFC 6335, section 6). Each is registered for a service, or its server's documented default.
 */
const SERVICE_PORTS = [
  1080, 1194, 1433, 1521, 1701, 1723, 1812, 1813, 1883, 1900, 1935, 2049, 2375, 2376, 3074, 3128, 3306, 3389, 3478,
  3479, 3480, 3544, 3702, 4433, 4443, 4500, 5060, 5061, 5222, 5223, 5228, 5229, 5230, 5242, 5269, 5349, 5350, 5351,
  5353, 5355, 5432, 5671, 5672, 5683, 5684, 5938, 6379, 6443, 6881, 8000, 8008, 8009, 8080, 8081, 8088, 8123, 8200,
  8333, 8443, 8530, 8554, 8801, 8883, 8888, 9000, 9001, 9030, 9042, 9090, 9092, 9100, 9200, 9300, 9418, 9443, 9999,
  10000, 11211, 19302, 19305, 27017, 32400, 51820, 54321,
]

const SYSTEM = 0
const SERVICE = 1
const REGISTERED = 2
const EPHEMERAL = 3

/** How likely a server is to listen on a port: the lower the likelier. */
const RANK = new Uint8Array(65536)
RANK.fill(EPHEMERAL)
// Systems take the ports of clients from 49152 (RFC 6335, section 6), Linux from 32768, Windows XP from 1024 to 5000.
RANK.fill(REGISTERED, 1024, 32768)
RANK.fill(SYSTEM, 0, 1024)
for (const port of SERVICE_PORTS) RANK[port] = SERVICE
// Port 0 is reserved (RFC 6335, section 6): nobody listens there.
RANK[0] = EPHEMERAL

/**
 * The end that opened a conversation.
 *
 * | known                                                     | initiator                       |
 * |-----------------------------------------------------------|---------------------------------|
 * | who sent the opening SYN                                  | that end                        |
 * | one port is likelier a server's (see above)               | the other end                   |
 * | both are registered ports, neither a well-known service's | the end with the higher one     |
 * | anything else: no ports, the same port, two servers'      | A, which was seen to send first |
 *
 * @param opener 1 A, 2 B, 0 none seen
 * @param portA -1 where there is none
 * @returns 1 for A, 2 for B
 */
export function initiatorOf(opener: number, portA: number, portB: number): 1 | 2 {
  if (opener === 1) return 1
  if (opener === 2) return 2
  if (portA < 0 || portB < 0) return 1
  const rankA = RANK[portA] ?? EPHEMERAL
  const rankB = RANK[portB] ?? EPHEMERAL
  if (rankA !== rankB) return rankA < rankB ? 2 : 1
  return rankA === REGISTERED && portA < portB ? 2 : 1
}
