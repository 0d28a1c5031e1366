/**
 * Subdivisions of some countries by their ISO 3166-2 codes (the standard's online browsing platform), with the codes that
 * newsletters of the standard replaced since 2014, because declarations and databases are older than they are. For other
 * countries the form alone is checked.
 */
const codes = new Map(
  Object.entries({
    AT: '1 2 3 4 5 6 7 8 9',
    AU: 'ACT NSW NT QLD SA TAS VIC WA',
    BR: 'AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO',
    CA: 'AB BC MB NB NL NS NT NU ON PE QC SK YT',
    CH: 'AG AI AR BE BL BS FR GE GL GR JU LU NE NW OW SG SH SO SZ TG TI UR VD VS ZG ZH',
    CN: 'AH BJ CQ FJ GD GS GX GZ HA HB HE HI HK HL HN JL JS JX LN MO NM NX QH SC SD SH SN SX TJ TW XJ XZ YN ZJ',
    DE: 'BB BE BW BY HB HE HH MV NI NW RP SH SL SN ST TH',
    IN: 'AN AP AR AS BR CG CH CT DD DH DL DN GA GJ HP HR JH JK KA KL LA LD MH ML MN MP MZ NL OD OR PB PY RJ SK TG TN TR TS UK UP UT WB',
    JP: Array.from({ length: 47 }, (_, i) => String(i + 1).padStart(2, '0')).join(' '),
    MY: '01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16',
    SG: '01 02 03 04 05',
    US: 'AK AL AR AS AZ CA CO CT DC DE FL GA GU HI IA ID IL IN KS KY LA MA MD ME MI MN MO MP MS MT NC ND NE NH NJ NM NV NY OH OK OR PA PR RI SC SD TN TX UM UT VA VI VT WA WI WV WY',
  }).map(([country, list]) => [country, list.split(' ').map((code) => `${country}-${code}`)]),
)

/** The codes of a country; empty where they are not listed here. */
export const subdivisionsOf = (country: string): readonly string[] => codes.get(country) ?? []

/** Whether a code of the right form may be one: of a country that is listed here, whether it is. */
export function isSubdivision(code: string): boolean {
  return codes.get(code.slice(0, 2))?.includes(code) ?? true
}
