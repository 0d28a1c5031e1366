/**
 * What CloudWatch Logs hands out as JSON: `filter-log-events` and `get-log-events`, what a subscription sends (one document or
 * many, as Firehose joins them), results of Logs Insights as a query's answer or as they are saved, and events that OpenSearch keeps.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 */
import type { JsonListener } from './json-texts.ts'

/** Takes what the log said. */
export interface TakeEvents {
  /** @param text null where it is too long to be kept */
  message(text: string | null): void
  /** A message of CloudWatch itself, which says that it can deliver. */
  control(): void
  /** An event in single fields, by their names in lower case. */
  fields(fields: ReadonlyMap<string, string>): void
}

const MESSAGE_KEYS: ReadonlySet<string> = new Set(['message', '@message', 'body'])
/** More are no event of a flow log. */
const MOST_FIELDS = 100

interface OpenObject {
  readonly inArray: boolean
  message: string | null | undefined
  /** Of `{"field": "@message", "value": "…"}`. */
  field: string
  value: string | null
  isControl: boolean
  readonly fields: Map<string, string>
  /** An event in single fields within it, which is told in other words where this object has a message. */
  inner: ReadonlyMap<string, string> | null
}

export class LogEvents implements JsonListener {
  readonly #take: TakeEvents
  readonly #open: OpenObject[] = []

  constructor(take: TakeEvents) {
    this.#take = take
  }

  openObject(inArray: boolean): void {
    const isControl = this.#open.at(-1)?.isControl ?? false
    this.#open.push({ inArray, message: undefined, field: '', value: null, isControl, fields: new Map(), inner: null })
  }

  value(key: string, value: string | null): void {
    const object = this.#open.at(-1)
    if (!object) return
    if (MESSAGE_KEYS.has(key)) object.message = value
    else if (key === 'messageType') object.isControl = value === 'CONTROL_MESSAGE'
    else if (key === 'field') object.field = value ?? ''
    else if (key === 'value') object.value = value
    else if (value !== null && object.fields.size < MOST_FIELDS) object.fields.set(key.toLowerCase(), value)
  }

  closeObject(): void {
    const object = this.#open.pop()
    if (!object) return
    const { message, isControl, field, value, fields, inner, inArray } = object
    if (message !== undefined && isControl) this.#take.control()
    else if (message !== undefined) this.#take.message(message)
    else if (field === '@message') this.#take.message(value)
    else this.#closeFields(fields.has('srcaddr') && fields.has('dstaddr') ? fields : inner, inArray)
  }

  /** An element of an array has no object around it that could tell of the same event. */
  #closeFields(event: ReadonlyMap<string, string> | null, inArray: boolean): void {
    if (event === null) return
    const around = this.#open.at(-1)
    if (inArray || !around) this.#take.fields(event)
    else {
      if (around.inner !== null) this.#take.fields(around.inner)
      around.inner = event
    }
  }
}
