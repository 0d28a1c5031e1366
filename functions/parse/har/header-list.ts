/** Header fields as HAR has them. */

export interface HeaderList {
  readonly count: number
  /** Lengths of names and values together. */
  readonly length: number
  /** What `Host` or `:authority` say. */
  readonly hosts: readonly string[]
}

/** @param value `[{name, value}, …]`; some writers have `[[name, value], …]` */
export function readHeaders(value: unknown): HeaderList {
  let count = 0
  let length = 0
  const hosts: string[] = []
  for (const field of Array.isArray(value) ? value : []) {
    const { name, value: text } = Array.isArray(field) ? { name: field[0], value: field[1] } : (field ?? {})
    if (typeof name !== 'string' || typeof text !== 'string') continue
    count++
    length += name.length + text.length
    const key = name.toLowerCase()
    if (key === 'host' || key === ':authority') hosts.push(text)
  }
  return { count, length, hosts }
}
