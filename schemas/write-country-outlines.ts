/**
 * Makes the outlines of countries anew: `npx tsx schemas/write-country-outlines.ts`. Nothing that runs imports it.
 *
 * Origin: Natural Earth's Admin 0 countries at 1:10,000,000 (https://www.naturalearthdata.com; in the public domain), as the
 * npm package world-atlas 2.0.2 has them in TopoJSON (https://github.com/topojson/topojson-specification). The coarser map of
 * 1:50,000,000 lacks islands, and an island that is missing would make its country seem too far.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import {
  kmToRings,
  LONGEST_ARC_KM,
  type Ring,
  readRings,
  ringOf,
  writeRings,
} from '../functions/net/country-outline/rings.ts'
import { kmBetween, type Point } from '../functions/net/distance.ts'

/** Corners nearer than this to the line between their neighbours are left out, and so are islets this near to kept land, in km. */
const TOLERANCE_KM = 10
/** The most that a corner of Natural Earth's may be away from the outline, in km. */
const GREATEST_ERROR_KM = 12
/** Longer arcs are divided: on the map their ends are joined by a line of the plane, on the sphere by a great circle, in km. */
const DIVIDED_KM = LONGEST_ARC_KM - 10 // rounding to steps may lengthen them

/** ISO 3166-1: numeric codes, which the map has, and alpha-2. */
const NUMERIC = new Map(
  `
  004AF 008AL 010AQ 012DZ 016AS 020AD 024AO 028AG 031AZ 032AR 036AU 040AT 044BS 048BH 050BD 051AM 052BB 056BE 060BM
  064BT 068BO 070BA 072BW 074BV 076BR 084BZ 086IO 090SB 092VG 096BN 100BG 104MM 108BI 112BY 116KH 120CM 124CA 132CV
  136KY 140CF 144LK 148TD 152CL 156CN 158TW 162CX 166CC 170CO 174KM 175YT 178CG 180CD 184CK 188CR 191HR 192CU 196CY
  203CZ 204BJ 208DK 212DM 214DO 218EC 222SV 226GQ 231ET 232ER 233EE 234FO 238FK 239GS 242FJ 246FI 248AX 250FR 254GF
  258PF 260TF 262DJ 266GA 268GE 270GM 275PS 276DE 288GH 292GI 296KI 300GR 304GL 308GD 312GP 316GU 320GT 324GN 328GY
  332HT 334HM 336VA 340HN 344HK 348HU 352IS 356IN 360ID 364IR 368IQ 372IE 376IL 380IT 384CI 388JM 392JP 398KZ 400JO
  404KE 408KP 410KR 414KW 417KG 418LA 422LB 426LS 428LV 430LR 434LY 438LI 440LT 442LU 446MO 450MG 454MW 458MY 462MV
  466ML 470MT 474MQ 478MR 480MU 484MX 492MC 496MN 498MD 499ME 500MS 504MA 508MZ 512OM 516NA 520NR 524NP 528NL 531CW
  533AW 534SX 535BQ 540NC 548VU 554NZ 558NI 562NE 566NG 570NU 574NF 578NO 580MP 581UM 583FM 584MH 585PW 586PK 591PA
  598PG 600PY 604PE 608PH 612PN 616PL 620PT 624GW 626TL 630PR 634QA 638RE 642RO 643RU 646RW 652BL 654SH 659KN 660AI
  662LC 663MF 666PM 670VC 674SM 678ST 682SA 686SN 688RS 690SC 694SL 702SG 703SK 704VN 705SI 706SO 710ZA 716ZW 724ES
  728SS 729SD 732EH 740SR 744SJ 748SZ 752SE 756CH 760SY 762TJ 764TH 768TG 772TK 776TO 780TT 784AE 788TN 792TR 795TM
  796TC 798TV 800UG 804UA 807MK 818EG 826GB 831GG 832JE 833IM 834TZ 840US 850VI 854BF 858UY 860UZ 862VE 876WF 882WS
  887YE 894ZM
  `
    .trim()
    .split(/\s+/)
    .map((pair) => [pair.slice(0, 3), pair.slice(3)]),
)

/** What the map has no numeric code for, and the countries whose land it is or that claim it. */
const UNCODED: Readonly<Record<string, string>> = {
  Akrotiri: 'CY GB',
  Baikonur: 'KZ',
  'Bajo Nuevo Bank': 'CO',
  'Clipperton I.': 'FR',
  'Coral Sea Is.': 'AU',
  'Cyprus U.N. Buffer Zone': 'CY',
  Dhekelia: 'CY GB',
  'Indian Ocean Ter.': 'AU',
  Kosovo: 'RS',
  'N. Cyprus': 'CY',
  'Scarborough Reef': 'CN PH TW',
  'Serranilla Bank': 'CO',
  'Siachen Glacier': 'IN PK',
  Somaliland: 'SO',
  'Spratly Is.': 'CN MY PH TW VN',
  'USNB Guantanamo Bay': 'CU US',
}

/** Parts that the map counts to a country and that are of another code as well, by a box around them. */
const PARTS: readonly (readonly [
  of: string,
  code: string,
  west: number,
  south: number,
  east: number,
  north: number,
])[] = [
  ['AU', 'CC', 96, -13, 98, -11],
  ['AU', 'CX', 105, -11, 106, -10],
  ['FR', 'GF', -55, 2, -51, 6],
  ['FR', 'GP', -62, 15.7, -60.9, 16.6],
  ['FR', 'MQ', -61.3, 14.3, -60.7, 15],
  ['FR', 'RE', 55, -21.5, 56, -20.8],
  ['FR', 'YT', 44.9, -13.1, 45.4, -12.5],
  ['NL', 'BQ', -69, 11.8, -67.9, 12.5],
  ['NL', 'BQ', -63.5, 17.3, -62.8, 17.8],
  ['NO', 'BV', 3, -55, 4, -54],
  ['NO', 'SJ', -10, 70.5, -7, 71.5],
  ['NO', 'SJ', 10, 74, 34, 81],
  ['NZ', 'TK', -173, -10, -171, -8],
  // Crimea.
  ['RU', 'UA', 32, 44, 37, 46.3],
]

interface Topology {
  readonly transform: { readonly scale: readonly [number, number]; readonly translate: readonly [number, number] }
  readonly arcs: readonly (readonly (readonly [number, number])[])[]
  readonly objects: { readonly countries: { readonly geometries: readonly Geometry[] } }
}
type Geometry = { readonly id?: string; readonly properties: { readonly name: string } } & (
  | { readonly type: 'Polygon'; readonly arcs: readonly (readonly number[])[] }
  | { readonly type: 'MultiPolygon'; readonly arcs: readonly (readonly (readonly number[])[])[] }
)

const path = createRequire(import.meta.url).resolve('world-atlas/countries-10m.json')
const map: Topology = JSON.parse(readFileSync(path, 'utf8'))
const lines = map.arcs.map(pointsOf)

const land = new Map<string, Point[][]>()
for (const geometry of map.objects.countries.geometries)
  for (const code of codesOf(geometry)) land.set(code, [...(land.get(code) ?? []), ...ringsOf(geometry)])
for (const [of, code, west, south, east, north] of PARTS) {
  const within = ({ latitude, longitude }: Point) =>
    longitude >= west && longitude <= east && latitude >= south && latitude <= north
  const parts = (land.get(of) ?? []).filter((ring) => ring.every(within))
  if (parts.length > 0) land.set(code, [...(land.get(code) ?? []), ...parts])
}

const entries = [...land].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, rings]) => [code, outlineOf(code, rings)])
writeFileSync(
  new URL('../functions/net/country-outline/outlines.ts', import.meta.url),
  `/** The land of countries, made by schemas/write-country-outlines.ts from Natural Earth (public domain), as rings.ts reads it. */
export const outlines: Readonly<Record<string, string>> = {
${entries.map(([code, text]) => `  ${code}: '${text}',\n`).join('')}}
`,
)

function codesOf({ id, properties: { name } }: Geometry): readonly string[] {
  const codes = NUMERIC.get(id ?? '') ?? UNCODED[name]
  if (codes === undefined) throw new Error(`${path}: ${name} (${id}) has no code: add it to UNCODED`)
  return codes.split(' ')
}

/** A line of the map: steps of whole numbers, scaled and moved. */
function pointsOf(steps: readonly (readonly [number, number])[]): readonly Point[] {
  const { scale, translate } = map.transform
  let [x, y] = [0, 0]
  return steps.map(([dx, dy]) => {
    x += dx
    y += dy
    return { longitude: x * scale[0] + translate[0], latitude: y * scale[1] + translate[1] }
  })
}

/** The rings of a geometry. A negative index means that line backwards, and lines share their ends. */
function ringsOf(geometry: Geometry): Point[][] {
  const rings = geometry.type === 'Polygon' ? geometry.arcs : geometry.arcs.flat()
  return rings.map((indices) =>
    unwound(
      indices.flatMap((index) => {
        const line = index < 0 ? (lines[~index] ?? []).toReversed() : (lines[index] ?? [])
        return line.slice(0, -1)
      }),
    ),
  )
}

/** A ring without leaps: longitudes go on beyond the 180th meridian, and a ring around the South Pole goes to the pole and back. */
function unwound(ring: readonly Point[]): Point[] {
  const corners: Point[] = []
  let turns = 0
  for (const [i, { latitude, longitude }] of ring.entries()) {
    const leap = longitude - (ring[i - 1]?.longitude ?? longitude)
    if (Math.abs(leap) > 180) turns -= Math.sign(leap)
    corners.push({ latitude, longitude: longitude + 360 * turns })
  }
  const [first, last] = [corners[0], corners[corners.length - 1]]
  if (!first || !last || Math.abs(last.longitude - first.longitude) < 180) return corners
  const end = first.longitude + 360 * Math.sign(last.longitude - first.longitude)
  return [
    ...corners,
    { ...first, longitude: end },
    { latitude: -90, longitude: end },
    { latitude: -90, longitude: first.longitude },
  ]
}

/** A country's text, checked: none of its land's corners may be farther from the outline than it is allowed to be. */
function outlineOf(code: string, rings: readonly Point[][]): string {
  const kept: Ring[] = []
  for (const ring of rings.toSorted((a, b) => b.length - a.length))
    if (!ring.every((corner) => kmToRings(corner, kept) < TOLERANCE_KM)) kept.push(ringOf(simplified(ring)))
  const text = writeRings(kept)
  const outline = readRings(text)
  const farthest = Math.max(...rings.flat().map((corner) => kmToRings(corner, outline)))
  if (farthest > GREATEST_ERROR_KM) throw new Error(`${code}: a corner of its land is ${farthest} km from its outline`)
  return text
}

/** The corners of a ring without which it would be another (Douglas and Peucker's algorithm). */
function simplified(ring: readonly Point[]): Point[] {
  const [first] = ring
  if (!first) return []
  const far = ring.reduce(
    (best, corner, i) => (kmBetween(first, corner) > kmBetween(first, ring[best] ?? first) ? i : best),
    0,
  )
  return [...needed(ring.slice(0, far + 1)), ...needed([...ring.slice(far), first])]
}

/** The corners that a line needs but for its last, which begins the next line. */
function needed(line: readonly Point[]): Point[] {
  const [a, b] = [line[0], line[line.length - 1]]
  if (!a || !b || line.length < 2) return []
  const distances = line.map((corner) => kmFromChord(corner, a, b))
  let farthest = distances.reduce((best, distance, i) => (distance > (distances[best] ?? 0) ? i : best), 0)
  const isLong = kmBetween(a, b) > DIVIDED_KM
  if ((distances[farthest] ?? 0) <= TOLERANCE_KM && !isLong) return [a]
  if (line.length === 2) {
    const middle = { latitude: (a.latitude + b.latitude) / 2, longitude: (a.longitude + b.longitude) / 2 }
    return [...needed([a, middle]), ...needed([middle, b])]
  }
  if (farthest === 0 || farthest === line.length - 1) farthest = Math.floor(line.length / 2)
  return [...needed(line.slice(0, farthest + 1)), ...needed(line.slice(farthest))]
}

/** How far a corner is from the line between two others, on a plane that is true to scale near the corner. */
function kmFromChord(corner: Point, a: Point, b: Point): number {
  const [east, north] = [111.2 * Math.cos((corner.latitude * Math.PI) / 180), 111.2]
  const [ax, ay] = [(a.longitude - corner.longitude) * east, (a.latitude - corner.latitude) * north]
  const [dx, dy] = [(b.longitude - a.longitude) * east, (b.latitude - a.latitude) * north]
  const square = dx * dx + dy * dy
  const part = square === 0 ? 0 : Math.max(0, Math.min(1, -(ax * dx + ay * dy) / square))
  return Math.hypot(ax + part * dx, ay + part * dy)
}
