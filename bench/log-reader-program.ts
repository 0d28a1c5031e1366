/** What a program does that has both readers of a log. */

/** The first turn is also the compiler's. */
const turns = 4

/** Runs the reader that the command line names, `ours` or `plain`, and prints its best processor time in milliseconds, and its sums. */
export function runReader(readers: Readonly<Record<'ours' | 'plain', () => readonly number[]>>): void {
  const reader = process.argv[2] === 'ours' ? readers.ours : readers.plain
  let best = Number.POSITIVE_INFINITY
  let result: readonly number[] = []
  for (let turn = 0; turn < turns; turn++) {
    const before = process.cpuUsage()
    result = reader()
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, (user + system) / 1000)
  }
  console.log(JSON.stringify({ ms: best, result }))
}
