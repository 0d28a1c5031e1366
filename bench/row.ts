/** One line of the benchmark: our figure beside a peer's, measured in the same run. */
export interface BenchRow {
  readonly work: string
  readonly ours: string
  readonly peer: string
  /** How many times better than the peer (or, where the peer is a lower bound, how many times its time we took). */
  readonly ratio: number
  /** The budget for the ratio; null where there is none. */
  readonly floor: number | null
  readonly note: string
}
