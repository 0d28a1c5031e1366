/**
 * HTML by composition: a text that is put into a template is escaped, and only a template makes markup. There is no other
 * way in, so no captured name can become a tag.
 */
import { visible } from '../visible.ts'

/** Text that is HTML already, because a template made it. */
export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Value = Markup | string | number | null | readonly Value[]

/** A template of markup: strings are escaped, numbers written, null and empty lists leave nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return new Markup(parts.map((part, i) => (i === 0 ? part : written(values[i - 1] ?? null) + part)).join(''))
}

function written(value: Value): string {
  if (value === null) return ''
  if (value instanceof Markup) return value.text
  if (typeof value === 'string') return escaped(value)
  return typeof value === 'number' ? String(value) : value.map(written).join('')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** For element content and quoted attributes alike (HTML Standard, section 13.3); what would act instead of show is made visible. */
function escaped(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}

/** A link out of the page, without saying where from. Text that is no web address stays text. */
export function link(url: string, text: string): Markup {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return html`${text}`
  return html`<a href="${new URL(url).href}" rel="noreferrer">${text}</a>`
}

/** Parts with something between them. */
export function joined(parts: readonly (Markup | string)[], between: string): Markup {
  return html`${parts.flatMap((part, i) => (i === 0 ? [part] : [between, part]))}`
}
