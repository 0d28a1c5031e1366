/** The runs of the test protocol: where and when they were done, by whom, and what went otherwise. */
import type { Report, ReportSession } from '../../model.ts'
import { count, grouped, span } from '../phrase.ts'
import { captured } from '../visible.ts'
import { numberHead, table } from './cells.ts'
import { html, joined, type Markup } from './markup.ts'

export function sessionsSection({ sessions }: Report): Markup {
  return html`<section aria-labelledby="sessions"><h2 id="sessions">Sessions</h2>
${
  sessions.length === 0
    ? html`<p class="soft">No session.yaml describes these captures.</p>`
    : table(
        'Runs of the test protocol',
        ['Session', 'Rig', 'Where the rig stood', numberHead('Clock error'), 'Device', 'Steps'],
        sessions.map(
          ({
            id,
            rig,
            place,
            clockErrorMs,
            device,
            steps,
          }) => html`<tr><th scope="row">${captured(id)}</th><td>${captured(rig)}</td>
<td>${place === null ? '—' : captured([place.city, place.subdivision, place.country].filter(Boolean).join(', '))}</td><td class="number">${grouped(clockErrorMs)} ms</td>
<td>${captured([device.model, device.firmware, device.state].filter(Boolean).join(', ') || '—')}</td><td>${joined(
            steps.map(
              (step) => html`${captured(step.id)} <span class="soft small">${span(step.from, step.until)}</span>`,
            ),
            ', ',
          )}</td></tr>`,
        ),
      )
}${recordTable(sessions.filter((one) => saidOf(one).length > 0))}</section>`
}

function recordTable(sessions: readonly ReportSession[]): Markup | null {
  if (sessions.length === 0) return null
  return table(
    'How sessions came about, and what went otherwise than the protocol says, by their records',
    ['Session', 'What its record says'],
    sessions.map(
      (one) =>
        html`<tr><th scope="row">${captured(one.id)}</th><td><ul>${saidOf(one).map((text) => html`<li>${text}</li>`)}</ul></td></tr>`,
    ),
  )
}

function saidOf(session: ReportSession): readonly string[] {
  const { unattended, deviations = [], moreDeviations = 0, skipped = [], moreSkipped = 0, uncaptured = [] } = session
  const { timeScale = 1 } = unattended ?? {}
  return [
    ...(unattended === undefined
      ? []
      : [
          `Unattended: a script answered for the operator${timeScale > 1 ? `, and made waits ${timeScale} times shorter` : ''}.`,
        ]),
    ...uncaptured.map(({ from, until, after }) =>
      from === until
        ? `A capture ended badly (${after}) at ${exact(from)}, and may lack what came last.`
        : `Nothing was captured from ${exact(from)} to ${exact(until)}.`,
    ),
    ...skipped.map(({ step, why }) => `Skipped ${captured(step)}: ${captured(why, 400)}`),
    ...(moreSkipped > 0 ? [`${count(moreSkipped, 'more step')} skipped.`] : []),
    ...deviations.map((text) => captured(text, 400)),
    ...(moreDeviations > 0 ? [`${count(moreDeviations, 'more deviation')}.`] : []),
  ]
}

/** A pause may be shorter than a second. */
const exact = (time: string) => time.replace('T', ' ').replace('Z', '')
