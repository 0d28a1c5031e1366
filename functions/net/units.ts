/** Measures in words: times of handshakes, distances. The same on every machine. */

/** To three digits: `4 ms`, `0.25 ms`, `124 ms`. */
export const milliseconds = (ms: number) => `${Number(ms.toPrecision(3))} ms`

/** Down to ten kilometres, below a hundred to one: `11,400 km`. */
export function kilometres(km: number): string {
  const rounded = km < 100 ? Math.floor(km) : Math.floor(km / 10) * 10
  return `${String(rounded).replace(/\B(?=(\d{3})+(?!\d))/g, ',')} km`
}
