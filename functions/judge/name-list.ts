/** Names in sentences. */
import type { Service } from '../model.ts'

/** Captured names for a sentence: at most eight, each at most 80 characters, and well-formed for JSON. */
export function nameList(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => {
    const text = name.replace(/\p{Surrogate}/gu, '\ufffd')
    return text.length > 80 ? `${text.slice(0, 77).replace(/\p{Surrogate}$/u, '')}…` : text
  })
  return names.length > 8 ? `${shown.join(', ')} and ${names.length - 8} more` : shown.join(', ')
}

export const serviceList = (services: readonly Service[]) => services.map(({ id }) => `“${id}”`).join(', ')
