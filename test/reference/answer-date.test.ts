import { describe, expect, it } from 'vitest'
import { dayOf } from '../../functions/locate/snapshots.ts'
import { dateOfAnswer } from '../../functions/reference/answer-date.ts'
import { at } from '../support/locating.ts'

const now = at('2026-11-20T12:00:00Z')
const feed = '# made on 2026-11-10, from data of 2026-09-01; valid until 2027-01-01\n192.0.2.0/24,US,,,\n'
const dateOf = (header: { lastModified?: string; answered?: string }, text = '192.0.2.0/24,US,,,\n') => {
  const time = (day: string | undefined) => (day === undefined ? null : at(day))
  const [lastModified, answered] = [time(header.lastModified), time(header.answered)]
  const url = 'https://example.org/feed.csv'
  const { time: found, by } = dateOfAnswer(
    null,
    { bytes: Buffer.from(text), url, lastModified, answered, isWhole: true },
    now,
  )
  return `${dayOf(found)} ${by}`
}

describe('the date of an answer', () => {
  it.each([
    [{ lastModified: '2026-11-10' }, undefined, /^2026-11-10 when the server says it was changed last$/],
    // A clock may be some minutes ahead.
    [{ lastModified: '2026-11-20T12:10:00Z' }, undefined, /^2026-11-20 when the server says/],
    [{ lastModified: '2026-11-10' }, feed, /^2026-11-10 when the server says/],
  ] as const)('is the one of the last change where that can be: %j', (header, text, said) => {
    expect(dateOf(header, text)).toMatch(said)
  })

  it.each([
    [{ lastModified: '2026-11-21T12:00:00Z' }, undefined, /changed last on 2026-11-21, which is still to come$/],
    [{ lastModified: '2031-01-01' }, undefined, /changed last on 2031-01-01, which is still to come$/],
    [{ lastModified: '1970-01-01' }, undefined, /1970-01-01, which is before any such list was published$/],
    [{ lastModified: '1980-01-01' }, undefined, /1980-01-01, which is before any such list was published$/],
    [{ lastModified: '2026-11-09' }, feed, /2026-11-09, which is before 2026-11-10, a day that the file names$/],
  ] as const)('is the one of the fetch where the server says what cannot be: %j', (header, text, said) => {
    expect(dateOf(header, text)).toMatch(/^2026-11-20 when it was fetched: the server says/)
    expect(dateOf(header, text)).toMatch(said)
  })

  it('is the one of the answer, but neither of the future nor of long ago', () => {
    expect(dateOf({ answered: '2026-11-19' })).toBe('2026-11-19 when it was fetched')
    expect(dateOf({ answered: '2026-12-01' })).toBe('2026-11-20 when it was fetched')
    expect(dateOf({ answered: '2001-01-01' })).toBe('2026-11-20 when it was fetched')
    expect(dateOf({})).toBe('2026-11-20 when it was fetched')
  })
})
