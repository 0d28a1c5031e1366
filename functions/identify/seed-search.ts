/** Planted identifiers, made ready to be searched for. */
import type { Seed } from '../model.ts'
import { DigitFinder, LEAST_DIGITS, type SoughtNumber } from './digit-finder.ts'
import { NeedleIndex } from './needle-index.ts'
import { isNumber, needlesOf } from './needles.ts'
import { normalForms } from './normal-forms.ts'

export interface SeedSearch {
  readonly needles: NeedleIndex
  readonly numbers: DigitFinder
  /** Bytes of the longest needle. */
  readonly longest: number
}

/** What an escape may take out of the middle of: no identifier is sought beyond it. */
const LEAST_MARGIN = 64

export function seedSearch(seeds: readonly Seed[], salts: readonly string[]): SeedSearch {
  const needles = seeds.flatMap((seed) => needlesOf(seed, salts))
  return {
    needles: new NeedleIndex(needles),
    numbers: new DigitFinder(seeds.flatMap(numbersOf)),
    longest: needles.reduce((longest, { bytes }) => Math.max(longest, bytes.length), LEAST_MARGIN),
  }
}

/** The digits of an identifier that is a number, forwards and backwards. */
function numbersOf(seed: Seed): readonly SoughtNumber[] {
  const forms = normalForms(seed).filter((form) => isNumber(seed, form))
  const written = new Set(forms.map((form) => form.replace(/\D/g, '')))
  // As a number, it has no zeros in front.
  for (const digits of [...written])
    if (seed.kind === 'imei' || seed.kind === 'imsi') written.add(digits.replace(/^0+/, ''))
  return [...written]
    .filter((digits) => digits.length >= LEAST_DIGITS)
    .flatMap((digits) => [
      { seed, digits, chain: [] },
      { seed, digits: [...digits].reverse().join(''), chain: ['reversed'] },
    ])
}
