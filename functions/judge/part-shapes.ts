/** What JSON is that another machine wrote, asked piece by piece. */

export type Members = Readonly<Record<string, unknown>>

/** The members of an object; undefined of what is none. */
export const members = (json: unknown): Members | undefined =>
  typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Members) : undefined
export const lengthOf = (json: unknown) => (Array.isArray(json) ? json.length : 0)
export const isText = (json: unknown): json is string => typeof json === 'string'
export const isTextOrNull = (json: unknown) => json === null || typeof json === 'string'
export const isCount = (json: unknown) => Number.isSafeInteger(json) && Number(json) >= 0
/** Whether it is the number of one of a list. */
export const isNumberOf = (json: unknown, length: number) =>
  Number.isInteger(json) && Number(json) >= 0 && Number(json) < length
export function isList(json: unknown, isOne: (value: unknown) => boolean): json is readonly unknown[] {
  return Array.isArray(json) && json.every(isOne)
}
