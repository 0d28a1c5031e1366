/** Which program wrote a report: the version is put in where the program is bundled. */

declare const __VERSION__: string

export interface Program {
  readonly name: string
  /** Of package.json; `source` where the program runs unbundled, from its sources. */
  readonly version: string
}

export const PROGRAM: Program = {
  name: 'domicile',
  version: typeof __VERSION__ === 'string' ? __VERSION__ : 'source',
}
