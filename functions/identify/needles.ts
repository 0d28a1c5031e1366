/** Everything that is searched for in bytes on account of a planted identifier. */
import type { Seed, SeedKind } from '../model.ts'
import { codeTraces } from './code-traces.ts'
import { hashSpellings } from './hash-spellings.ts'
import { latitudesOf } from './location-finder.ts'
import type { Flank, Needle, Spelling } from './needle.ts'
import { normalForms } from './normal-forms.ts'
import { octetSpellings } from './octet-spellings.ts'

/** Texts of fewer letters count only where they are the whole value of a field: as words they mean too many things. */
const WORD = 4

/** @param salts that hashes may have been made with */
export function needlesOf(seed: Seed, salts: readonly string[]): readonly Needle[] {
  const forms = normalForms(seed)
  const latitudes = latitudesOf(seed)
  const spelt = seed.kind === 'location' ? [] : forms.flatMap((form) => textSpellings(seed, form))
  const traced =
    seed.kind === 'location'
      ? latitudes.map(({ bytes }) => bytes).filter((bytes) => bytes.includes(0x2e))
      : shortest(forms).map((form) => Buffer.from(form))
  const needles = [
    ...spelt,
    ...latitudes,
    ...traced.flatMap((bytes) => codeTraces(seed, bytes)),
    ...octetSpellings(seed, forms),
    ...hashSpellings(seed, forms, salts),
  ]
  return withoutDoubles(needles)
}

/** In clear, backwards, and in UTF-16. Numbers in clear and backwards are found by their digits instead ({@link DigitFinder}). */
function textSpellings(seed: Seed, form: string): readonly Spelling[] {
  const flank = flankOf(seed, form)
  const text = Buffer.from(form)
  const wide = Buffer.from(form, 'utf16le')
  const common = { is: 'spelling', seed, folds: true, flank, unit: 1 } as const
  const utf16: readonly Spelling[] = [
    { ...common, bytes: wide, chain: ['utf-16le'], unit: 2 },
    { ...common, bytes: Buffer.from(wide).swap16(), chain: ['utf-16be'], unit: 2 },
  ]
  if (isNumber(seed, form)) return utf16
  return [
    { ...common, bytes: text, chain: [] },
    { ...common, bytes: backwards(form), chain: ['reversed'], flank: flank === 'address' ? 'word' : flank },
    ...utf16,
  ]
}

const NUMBERS: ReadonlySet<SeedKind> = new Set(['imei', 'imsi', 'iccid', 'phone', 'contact-phone'])

/** Whether a form is a number that may be grouped in any way; an account's digits and hyphens are a word. */
export const isNumber = ({ kind }: Seed, form: string): boolean => NUMBERS.has(kind) && /^\+?[\d-]+$/.test(form)

/** Character by character, as programs turn texts around. */
const backwards = (text: string): Uint8Array => Buffer.from([...text].reverse().join(''))

function flankOf(seed: Seed, form: string): Flank {
  if (form.length < WORD) return 'value'
  return seed.kind === 'email' ? 'address' : 'word'
}

/** Forms that hold no other one: where a longer one stands, so does the shorter. */
function shortest(forms: readonly string[]): readonly string[] {
  return forms.filter((form) => !forms.some((other) => other !== form && form.includes(other)))
}

function withoutDoubles(needles: readonly Needle[]): readonly Needle[] {
  const seen = new Map<string, Needle>()
  for (const needle of needles) {
    const written = Buffer.from(needle.bytes).toString('latin1')
    const bytes = needle.folds ? written.toLowerCase() : written
    const how =
      needle.is === 'spelling' ? needle.chain.join() : needle.is === 'trace' ? `${needle.coding}${needle.phase}` : ''
    const key = `${needle.is}\n${how}\n${bytes}`
    if (!seen.has(key)) seen.set(key, needle)
  }
  return [...seen.values()]
}
