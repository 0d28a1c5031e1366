/** The benchmark's conn.log, in columns and as JSON: the same rows and bytes in every run, made once and kept under bench/data. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const rows = 500_000

const fields =
  'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state local_orig ' +
  'local_resp missed_bytes history orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes ip_proto'
const types =
  'time string addr port addr port enum string interval count count string bool bool count string count count count count count'
const columns = (text: string) => text.replaceAll(' ', '\t')
const header =
  `#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n` +
  `#fields\t${columns(fields)}\n#types\t${columns(types)}\n`

/** Numbers in [0, 1) that look random and are the same in every run (a linear congruential generator of 32 bits). */
function randomNumbers(): () => number {
  let state = 2014
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** The fields of every row, as columns have them; undefined where the row has none. */
function* connections(): Generator<readonly (string | undefined)[]> {
  const random = randomNumbers()
  const below = (limit: number) => Math.floor(random() * limit)
  for (let i = 0; i < rows; i++) {
    const uid = `C${Array.from({ length: 17 }, () => letters[below(62)]).join('')}`
    const isUdp = below(4) === 0
    // Some connections get no answer: what such a row does not have is missing in JSON.
    const answered = below(8) !== 0
    const [sent, received] = [below(5000), below(60000)]
    yield [
      `${1_750_000_000 + (i >> 5)}.${String(below(1e6)).padStart(6, '0')}`,
      uid,
      `10.55.${below(256)}.${below(256)}`,
      String(1024 + below(60000)),
      `${11 + below(89)}.${below(256)}.${below(256)}.${1 + below(254)}`,
      isUdp ? '53' : '443',
      isUdp ? 'udp' : 'tcp',
      answered ? (isUdp ? 'dns' : 'ssl') : undefined,
      answered ? (random() * 100).toFixed(6) : undefined,
      answered ? String(sent) : undefined,
      answered ? String(received) : undefined,
      answered ? 'SF' : 'S0',
      'T',
      'F',
      '0',
      isUdp ? 'Dd' : answered ? 'ShADadFf' : 'S',
      String(2 + (sent >> 10)),
      String(sent + 200),
      String(answered ? 2 + (received >> 10) : 0),
      String(answered ? received + 300 : 0),
      isUdp ? '17' : '6',
    ]
  }
}

const texts: ReadonlySet<string> = new Set(['string', 'addr', 'enum'])

function jsonRow(row: readonly (string | undefined)[]): string {
  const kinds = types.split(' ')
  const members = fields.split(' ').flatMap((field, i) => {
    const value = row[i]
    if (value === undefined) return []
    const kind = kinds[i] ?? ''
    return `"${field}":${texts.has(kind) ? `"${value}"` : kind === 'bool' ? value === 'T' : value}`
  })
  return `{${members.join(',')}}\n`
}

/** Makes the logs where they are not there yet. @returns their paths */
export function zeekData(): { readonly columns: string; readonly json: string } {
  const folder = join(import.meta.dirname, 'data')
  const paths = { columns: join(folder, 'zeek-conn.v1.log'), json: join(folder, 'zeek-conn.v1.json') }
  if (existsSync(paths.columns) && existsSync(paths.json)) return paths
  mkdirSync(folder, { recursive: true })
  const all = [...connections()]
  const inColumns = all.map((row) => `${row.map((value) => value ?? '-').join('\t')}\n`)
  // Made under another name first, so that an interrupted run leaves no half log behind.
  for (const [path, text] of [
    [paths.columns, header + inColumns.join('')],
    [paths.json, all.map(jsonRow).join('')],
  ] as const) {
    writeFileSync(`${path}.part`, text)
    renameSync(`${path}.part`, path)
  }
  return paths
}
