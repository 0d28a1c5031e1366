/**
 * The fields of Zeek's logs that are read, of all logs in one numbering, and which log a row is of.
 * https://docs.zeek.org/en/master/script-reference/log-files.html
 */
import { ABSENT } from '../json-fields.ts'

/** Every field that is looked at, by the name that Zeek gives it. */
const NAMES = [
  '_path',
  'ts',
  'uid',
  'id.orig_h',
  'id.orig_p',
  'id.resp_h',
  'id.resp_p',
  'proto',
  'ip_proto',
  'duration',
  'orig_bytes',
  'resp_bytes',
  'conn_state',
  'missed_bytes',
  'history',
  'orig_pkts',
  'orig_ip_bytes',
  'resp_pkts',
  'resp_ip_bytes',
  'orig_l2_addr',
  'resp_l2_addr',
  'server_name',
  'method',
  'host',
  'uri',
  'query',
  'qtype',
  'qtype_name',
  'answers',
  'TTLs',
  'rejected',
  'rtt',
  'ts_delta',
  'percent_lost',
  'name',
  'peer',
  'tunnel_parents',
  'pkts_dropped',
  // Read by nobody, but only one log has them.
  'established',
  'request_body_len',
  'client_initial_dcid',
  'trans_id',
  'notice',
] as const

export type ZeekField = (typeof NAMES)[number]

/** The number of a field. */
export const fieldNumber = (name: ZeekField): number => NAMES.indexOf(name)

/** How many fields there are. */
export const FIELDS = NAMES.length

/** The same fields by other names: a scope may be set apart otherwise than by a dot, and the ends may be renamed. */
const ALIASES: readonly (readonly [alias: string, name: ZeekField])[] = [
  ['id_orig_h', 'id.orig_h'],
  ['id_orig_p', 'id.orig_p'],
  ['id_resp_h', 'id.resp_h'],
  ['id_resp_p', 'id.resp_p'],
  ['id/orig_h', 'id.orig_h'],
  ['id/orig_p', 'id.orig_p'],
  ['id/resp_h', 'id.resp_h'],
  ['id/resp_p', 'id.resp_p'],
]

/** What is looked for in a JSON row: the fields by their numbers, then aliases. */
export const JSON_PATHS: readonly string[] = [...NAMES, ...ALIASES.map(([alias]) => alias)]

/** The field that an entry of {@link JSON_PATHS} stands for. */
export const ALIASED: readonly number[] = ALIASES.map(([, name]) => fieldNumber(name))

/** The field of a column in a `#fields` line, -1 where it is not looked at. */
export function columnField(column: string): number {
  const name = column.replace(/^id[^a-z0-9]((?:orig|resp)_[hp])$/, 'id.$1')
  const renamed = { src: 'id.orig_h', src_port: 'id.orig_p', dst: 'id.resp_h', dst_port: 'id.resp_p' }[name]
  return (NAMES as readonly string[]).indexOf(renamed ?? name)
}

/** A log by what its rows are read for; `other`: they tell of no flow and no name. */
export type ZeekLog = 'conn' | 'ssl' | 'http' | 'quic' | 'dns' | 'capture_loss' | 'stats' | 'weird' | 'other'

const LOGS: ReadonlyMap<string, ZeekLog> = new Map<string, ZeekLog>([
  ['conn', 'conn'],
  // Connections that were still open when they were logged, and those open for long: the same columns.
  ['open_conn', 'conn'],
  ['conn_long', 'conn'],
  ['conn_red', 'conn'],
  ['ssl', 'ssl'],
  ['open_ssl', 'ssl'],
  ['http', 'http'],
  ['open_http', 'http'],
  ['quic', 'quic'],
  ['dns', 'dns'],
  ['open_dns', 'dns'],
  ['capture_loss', 'capture_loss'],
  ['stats', 'stats'],
  ['weird', 'weird'],
])

/** The log of a path as `#path` or `_path` names it. */
export const logOfPath = (path: string): ZeekLog => LOGS.get(path) ?? 'other'

/** What tells a log that does not name itself: fields that it alone has together, and always writes. */
const MARKS: readonly (readonly [log: ZeekLog, fields: readonly number[]])[] = (
  [
    ['conn', ['proto', 'conn_state']],
    ['conn', ['proto', 'orig_pkts']],
    ['conn', ['proto', 'orig_ip_bytes']],
    ['ssl', ['established']],
    ['http', ['request_body_len']],
    ['quic', ['client_initial_dcid']],
    ['dns', ['trans_id', 'rejected']],
    ['dns', ['query', 'qtype']],
    ['capture_loss', ['percent_lost']],
    ['stats', ['peer', 'pkts_dropped']],
    ['weird', ['name', 'notice']],
  ] as const
).map(([log, fields]) => [log, fields.map(fieldNumber)])

/** The log of a row, or of a header, by the fields that it has. @param kinds by field number, {@link ABSENT} where it is not there */
export function logOfFields(kinds: Uint8Array): ZeekLog {
  for (const [log, fields] of MARKS) if (areThere(kinds, fields)) return log
  return 'other'
}

function areThere(kinds: Uint8Array, fields: readonly number[]): boolean {
  for (const field of fields) if (kinds[field] === ABSENT) return false
  return true
}
