/** Small pieces that several parts of the page use. */
import type { Verdict } from '../../model.ts'
import { grouped, moment } from '../phrase.ts'
import { html, type Markup } from './markup.ts'

const SIGNS = { violation: '✗', indeterminate: '?', compliant: '✓' } as const

/** A verdict by sign and word, never by colour alone. */
export function verdictTag(verdict: Verdict): Markup {
  return html`<span class="tag ${verdict}">${SIGNS[verdict]} ${verdict}</span>`
}

/** A count of flows of a verdict in a table; nought is quiet. */
export function verdictCell(verdict: Verdict, flows: number): Markup {
  return html`<td class="number"><span class="tag ${flows === 0 ? 'zero' : verdict}">${grouped(flows)}</span></td>`
}

/** An instant, in UTC, to the second; machines find it exact. */
export function time(at: string): Markup {
  return html`<time datetime="${at}">${moment(at)}</time>`
}

/** A table that scrolls by itself where the page is narrow; it can be reached and scrolled by keyboard. */
export function table(
  caption: string,
  head: readonly (string | Markup)[],
  rows: readonly Markup[],
  foot: Markup | null = null,
): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption>
<thead><tr>${head.map((title) => (typeof title === 'string' ? html`<th scope="col">${title}</th>` : title))}</tr></thead>
<tbody>${rows}</tbody>${foot === null ? null : html`<tfoot>${foot}</tfoot>`}</table></div>`
}

/** The head of a column of numbers. */
export function numberHead(title: string): Markup {
  return html`<th scope="col" class="number">${title}</th>`
}

export function numberCell(number: number): Markup {
  return html`<td class="number">${grouped(number)}</td>`
}
