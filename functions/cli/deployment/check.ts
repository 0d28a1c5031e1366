/** What was found of a deployment, a line each. */

export type Part = 'intake' | 'ingest' | 'reference' | 'audit' | 'reports'

export interface Check {
  readonly part: Part
  /** `note`: neither right nor wrong yet, such as a deployment that has audited nothing so far. */
  readonly outcome: 'ok' | 'note' | 'wrong'
  readonly says: string
}

/** Makes the checks of one part. */
export const checksOf = (part: Part) => ({
  ok: (says: string): Check => ({ part, outcome: 'ok', says }),
  note: (says: string): Check => ({ part, outcome: 'note', says }),
  wrong: (says: string): Check => ({ part, outcome: 'wrong', says }),
})

/** How long ago, in the largest unit that is whole. */
export function ago(then: Date, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - then.getTime()) / 60_000))
  const [count, unit] =
    minutes < 120
      ? [minutes, 'minute']
      : minutes < 2880
        ? [Math.floor(minutes / 60), 'hour']
        : [Math.floor(minutes / 1440), 'day']
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`
}

export const isOlder = (time: Date, now: Date, minutes: number) => now.getTime() - time.getTime() > minutes * 60_000
