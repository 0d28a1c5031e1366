/** What events have of what clients said, kept until their flows are handed on: URLs of HTTP, names that were asked for or named. */
import type { FlowBatch, Micros, ParseSink } from '../../model.ts'
import { clearContent, LogContent } from '../content/log-content.ts'
import { sayHead } from '../content/request-head.ts'
import type { Speaker } from '../content/speaker.ts'
import type { EveEvent } from './event.ts'
import { eveField } from './fields.ts'
import { type Ends, wayBetween } from './said.ts'
import { Words } from './words.ts'

const TLS_SNI = eveField('tls/sni')
const QUIC_SNI = eveField('quic/sni')
const HOSTNAME = eveField('http/hostname')
const METHOD = eveField('http/http_method')
const URL = eveField('http/url')
const DNS_TYPE = eveField('dns/type')
const RRNAME = eveField('dns/rrname')
const QUERIES = eveField('dns/queries')

/** What a client asks: version 3 calls it a request. */
const QUESTIONS = new Words('query', 'request')
/** Questions of one message that are kept; in practice it has one. */
const MOST_QUESTIONS = 16

/** Bytes that are kept, about; beyond, what came first is given up, and its flows are taken for unread. */
const MOST_KEPT = 64 << 20
/** What a piece costs beside its text. */
const COST_OF_PIECE = 300

/** What a client said, and the ends of its flow, the client first. */
interface Piece extends Ends {
  readonly at: Micros
  readonly cost: number
  readonly say: (client: Speaker) => void
}

export class EveContent {
  readonly #log: LogContent
  readonly #byId = new Map<number | string, Piece[]>()
  readonly #most: number
  #kept = 0

  private constructor(log: LogContent, most: number) {
    this.#log = log
    this.#most = most
  }

  /** @returns null where nobody asks for content */
  static of(sink: ParseSink, most = MOST_KEPT): EveContent | null {
    const log = LogContent.of(sink)
    return log === null ? null : new EveContent(log, most)
  }

  /** Keeps what a tls, http or quic event has; its source is the client. */
  add(event: EveEvent, at: Micros): void {
    const { json } = event
    this.#addName(event, at, json.text(TLS_SNI))
    this.#addName(event, at, json.text(QUIC_SNI))
    const [method, host, url] = [json.text(METHOD), json.text(HOSTNAME), json.text(URL)]
    if (method === null && host === null && url === null) return
    const target = url ?? (method === 'CONNECT' ? (host ?? '') : '')
    const head = {
      ...{ method: method ?? 'GET', target, authority: null },
      fields: host === null ? [] : ([['host', host]] as const),
    }
    this.#keep(event, at, target.length + (host?.length ?? 0), (client) => sayHead(client, head, 'utf8'))
  }

  /** Keeps the names that a dns event asks for. */
  addQuestion(event: EveEvent, at: Micros): void {
    if (event.word(DNS_TYPE, QUESTIONS) === null) return
    const { json } = event
    this.#addName(event, at, json.text(RRNAME))
    const queries = json.value(QUERIES)
    if (!Array.isArray(queries)) return
    for (const query of queries.slice(0, MOST_QUESTIONS)) {
      const name: unknown = query?.rrname
      if (typeof name === 'string') this.#addName(event, at, name)
    }
  }

  /** Hands on what was kept of a row's flow. */
  handOn(key: number | string, batch: FlowBatch, row: number): void {
    clearContent(batch, row)
    const ofId = this.#byId.get(key)
    if (ofId === undefined) return
    const { addressA, addressB } = batch
    const [first, portA, portB] = [row * 4, batch.portA[row] as number, batch.portB[row] as number]
    const others: Piece[] = []
    for (const piece of ofId) {
      const way = wayBetween(piece, addressA, first, addressB, first, portA, portB)
      if (way === null) {
        others.push(piece)
        continue
      }
      this.#kept -= piece.cost
      this.#log.add(batch, row, piece.at, (a, b) => {
        piece.say(way === 'straight' ? a : b)
        // What else was said is not in the log.
        a.unread = b.unread = Number.NaN
      })
    }
    if (others.length > 0) this.#byId.set(key, others)
    else this.#byId.delete(key)
  }

  #addName(event: EveEvent, at: Micros, name: string | null): void {
    if (name === null) return
    this.#keep(event, at, name.length, (client) => client.say('name', Buffer.from(name)))
  }

  #keep({ id, words, portA, portB }: EveEvent, at: Micros, length: number, say: Piece['say']): void {
    const cost = 2 * length + COST_OF_PIECE
    if (this.#kept + cost > this.#most) this.#forgetFirst()
    const piece = { words: words.slice(), portA, portB, at, cost, say }
    const { key } = id
    const ofId = this.#byId.get(key)
    if (ofId) ofId.push(piece)
    else this.#byId.set(key, [piece])
    this.#kept += cost
  }

  /** Gives up what came first until there is room for as much again as an eighth of what is kept. */
  #forgetFirst(): void {
    for (const [key, pieces] of this.#byId) {
      if (this.#kept <= this.#most * 0.875) return
      this.#byId.delete(key)
      for (const { cost } of pieces) this.#kept -= cost
    }
  }
}
