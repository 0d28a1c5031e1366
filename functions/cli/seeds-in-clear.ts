/** Looks for planted values in the texts of a session, which are sealed and uploaded for everybody to read. */
import { normalForms } from '../identify/normal-forms.ts'
import type { Seed } from '../model.ts'

/** Where a value stands in clear. The value itself is not repeated. */
export interface ClearValue {
  readonly file: string
  /** From 1. */
  readonly line: number
  /** Id of the identifier. */
  readonly seed: string
}

/** Anything shorter is part of other words and numbers by chance, and has to stand alone. */
const UNMISTAKABLE = 10

/** What people put between the digits of a number. */
const GROUPING = /(?<=\d)[ ()./-]{1,2}(?=\d)/g

/**
 * Finds every normal form of the values, as it is written and with the digits of numbers in groups, in whichever case.
 *
 * @param texts by the names of their files
 * @param stated hardware addresses that the session names as its device's: those it has in clear on purpose
 */
export function clearValues(
  seeds: readonly Seed[],
  texts: ReadonlyMap<string, string>,
  stated: readonly string[],
): readonly ClearValue[] {
  const known = new Set(stated.map((address) => address.toLowerCase()))
  const wanted = seeds.flatMap((seed) => {
    const forms = [...new Set(normalForms(seed).flatMap(asWritten))]
    // The name of a carrier is nobody's: protocols and notes may say whose card it is.
    return seed.kind === 'carrier' || forms.some((form) => known.has(form)) ? [] : [{ seed: seed.id, forms }]
  })
  const found: ClearValue[] = []
  for (const [file, text] of texts)
    for (const [i, written] of text.split('\n').entries()) {
      const line = written.toLowerCase()
      const readings = [line, line.replace(GROUPING, ''), line.replace(/,\s+/g, ',')]
      for (const { seed, forms } of wanted)
        if (forms.some((form) => readings.some((reading) => stands(form, reading))))
          found.push({ file, line: i + 1, seed })
    }
  return found
}

/** In lower case; and as JSON and YAML have it in quotes. */
function asWritten(form: string): readonly string[] {
  const text = form.toLowerCase()
  return [text, JSON.stringify(text).slice(1, -1), text.replaceAll("'", "''")]
}

function stands(form: string, line: string): boolean {
  for (let at = line.indexOf(form); at >= 0; at = line.indexOf(form, at + 1)) {
    if (form.length >= UNMISTAKABLE) return true
    const around = [line.slice(0, at).at(-1) ?? '', line.slice(at + form.length).at(0) ?? '']
    if (!around.some((character) => /[\p{L}\p{N}]/u.test(character))) return true
  }
  return false
}
