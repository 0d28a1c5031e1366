/**
 * How two subdivisions of ISO 3166-2 stand to each other (the standard's online browsing platform and its newsletters, as of
 * 2026-01). Codes are replaced, and in many countries they nest: Paris is in Île-de-France, and each has a code.
 */

/** Codes that the standard replaced without moving a border, with the code of today. */
const REPLACED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    CN: `11 BJ 12 TJ 13 HE 14 SX 15 NM 21 LN 22 JL 23 HL 31 SH 32 JS 33 ZJ 34 AH 35 FJ 36 JX 37 SD 41 HA 42 HB 43 HN 44 GD
      45 GX 46 HI 50 CQ 51 SC 52 GZ 53 YN 54 XZ 61 SN 62 GS 63 QH 64 NX 65 XJ 71 TW 91 HK 92 MO`,
    CZ: 'PR 10 ST 20 JC 31 PL 32 KA 41 US 42 LI 51 KR 52 PA 53 VY 63 JM 64 OL 71 ZL 72 MO 80',
    FR: '75 75C',
    IN: 'CT CG OR OD TG TS UT UK',
    MX: 'DIF CMX',
    ZA: 'GT GP NL KZN',
  }).flatMap(([country, list]) =>
    (list.match(/\S+\s+\S+/g) ?? []).map((pair): [string, string] => {
      const [old, today] = pair.split(/\s+/)
      return [`${country}-${old}`, `${country}-${today}`]
    }),
  ),
)

/** Countries whose subdivisions are all of one level, so that none lies in another. */
const ONE_LEVEL: ReadonlySet<string> = new Set(
  'AE AR AT AU BR CA CH CN CO DE IN JP KR MX MY NL PT SE SG TR UA US ZA'.split(' '),
)

/**
 * Subdivisions of ISO 3166-2 that are countries of ISO 3166-1 as well. Sources write one or the other, so `CN-HK` and `HK`
 * are the same place.
 */
export const COUNTRIES_TOO: ReadonlyMap<string, string> = new Map(
  [
    ['CN', 'HK MO TW'],
    ['US', 'AS GU MP PR UM VI'],
    ['NL', 'AW CW SX'],
    ['FR', 'BL MF NC PF PM TF WF'],
  ].flatMap(([country, codes = '']) => codes.split(' ').map((code): [string, string] => [`${country}-${code}`, code])),
)

const SPANISH_COMMUNITIES = 'AN|AR|AS|CB|CE|CL|CM|CN|CT|EX|GA|IB|MC|MD|ML|NC|PV|RI|VC'

/** Of countries with several levels, what the codes of each look like, without those whose borders have moved. */
const LEVELS: Readonly<Record<string, readonly RegExp[]>> = {
  BE: [/^(BRU|VLG|WAL)$/, /^(VAN|VBR|VLI|VOV|VWV|WBR|WHT|WLG|WLX|WNA)$/],
  CZ: [/^(10|20|31|32|41|42|51|52|53|63|64|71|72|80)$/],
  ES: [new RegExp(`^(${SPANISH_COMMUNITIES})$`), new RegExp(`^(?!(${SPANISH_COMMUNITIES})$)[A-Z]{1,2}$`)],
  FR: [
    /^(ARA|BFC|BRE|CVL|GES|HDF|IDF|NAQ|NOR|OCC|PAC|PDL)$/,
    /^(0[1-9]|1\d|2[1-9AB]|[3-5]\d|6[0-8]|7[0-46-9]|75C|8\d|9[0-5])$/,
  ],
  GB: [/^(ENG|NIR|SCT|WLS)$/],
  IE: [/^[CLMU]$/, /^(D|G|[A-Z]{2})$/],
  IT: [/^\d\d$/, /^(?!CA|CI|NU|OG|OR|OT|SS|SU|VS)[A-Z]{2}$/],
  PH: [/^\d\d$/, /^(?!MAG|MGN|MGS)[A-Z]{3}$/],
}

/** Codes of one level where the land of one has been that of another, or still is by some source. */
const DIVIDED: readonly ReadonlySet<string>[] = ['IN-AP IN-TS', 'IN-JK IN-LA', 'IN-DD IN-DH IN-DN'].map(
  (codes) => new Set(codes.split(' ')),
)

/** The code of today; the code itself where it was not replaced. */
export const currentSubdivision = (code: string): string => REPLACED.get(code) ?? code

/** Whether it is known that subdivisions of a country (ISO 3166-1) lie in one another. */
export const hasLevels = (country: string): boolean => Object.hasOwn(LEVELS, country)

/** `unclear`: one may lie in the other, or they may overlap. */
export function compareSubdivisions(a: string, b: string): 'same' | 'apart' | 'unclear' {
  const [one, other] = [currentSubdivision(a), currentSubdivision(b)]
  if (one === other) return 'same'
  const country = one.slice(0, 2)
  if (country !== other.slice(0, 2)) return 'apart'
  if (DIVIDED.some((codes) => codes.has(one) && codes.has(other))) return 'unclear'
  if (ONE_LEVEL.has(country)) return 'apart'
  const levels = Object.hasOwn(LEVELS, country) ? (LEVELS[country] ?? []) : []
  return levels.some((level) => level.test(one.slice(3)) && level.test(other.slice(3))) ? 'apart' : 'unclear'
}
