/** Small Zeek logs, made up, in columns and as JSON of the same rows. */

export type Row = Readonly<Record<string, string | number | boolean | readonly (string | number)[]>>

const column = (value: Row[string] | undefined): string => {
  if (value === undefined) return '-'
  if (typeof value === 'boolean') return value ? 'T' : 'F'
  if (typeof value === 'object') return value.length === 0 ? '(empty)' : value.join(',')
  return String(value)
}

/** A log in columns, with its header and its `#close`. */
export function columnsOf(
  path: string,
  rows: readonly Row[],
  fields = [...new Set(rows.flatMap(Object.keys))],
): string {
  return [
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    `#path\t${path}`,
    '#open\t2014-11-03-10-00-00',
    `#fields\t${fields.join('\t')}`,
    `#types\t${fields.map(() => 'string').join('\t')}`,
    ...rows.map((row) => fields.map((field) => column(row[field])).join('\t')),
    '#close\t2014-11-03-11-00-00',
    '',
  ].join('\n')
}

/** The same as JSON; `_path` says the log only where it is given. */
export const jsonOf = (rows: readonly Row[], path?: string): string =>
  rows.map((row) => `${JSON.stringify(path === undefined ? row : { _path: path, ...row })}\n`).join('')

/** A connection of a phone to a server, with what is given in place of what it says. */
export const conn = (uid: string, given: Row = {}): Row => ({
  ts: 1415008800.123456,
  uid,
  'id.orig_h': '192.0.2.10',
  'id.orig_p': 40000,
  'id.resp_h': '198.51.100.7',
  'id.resp_p': 443,
  proto: 'tcp',
  service: 'ssl',
  duration: 1.5,
  orig_bytes: 300,
  resp_bytes: 900,
  conn_state: 'SF',
  missed_bytes: 0,
  history: 'ShADadFf',
  orig_pkts: 6,
  orig_ip_bytes: 560,
  resp_pkts: 5,
  resp_ip_bytes: 1110,
  ...given,
})

const ends = (row: Row) => ({
  ts: row.ts ?? 0,
  uid: row.uid ?? '',
  'id.orig_h': row['id.orig_h'] ?? '',
  'id.resp_p': row['id.resp_p'] ?? 0,
})

export const ssl = (of: Row, serverName?: string): Row => ({
  ...ends(of),
  version: 'TLSv12',
  ...(serverName === undefined ? {} : { server_name: serverName }),
  established: true,
})

export const http = (of: Row, method: string, host: string, uri: string): Row => ({
  ...ends(of),
  trans_depth: 1,
  method,
  host,
  uri,
  request_body_len: 0,
})

export const quic = (of: Row, serverName: string): Row => ({
  ...ends(of),
  client_initial_dcid: 'c0ffee',
  server_name: serverName,
})

export const dns = (query: string, answers: readonly string[], given: Row = {}): Row => ({
  ts: 1415008799,
  uid: 'CDns1',
  'id.orig_h': '192.0.2.10',
  'id.resp_p': 53,
  proto: 'udp',
  trans_id: 7,
  rtt: 0.02,
  query,
  qtype: 1,
  qtype_name: 'A',
  answers,
  TTLs: answers.map((_, i) => 60 * (i + 1)),
  rejected: false,
  ...given,
})
