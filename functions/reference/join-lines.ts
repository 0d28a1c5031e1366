/** Lists that are published in several files, one for each family of addresses. */

/** The files of one list one after the other, each of them beginning on a line of its own. */
export function joinLines(parts: readonly Buffer[]): Buffer {
  const newLine = Buffer.from('\n')
  return Buffer.concat(
    parts.flatMap((part, i) =>
      i < parts.length - 1 && part.length > 0 && part.at(-1) !== 0x0a ? [part, newLine] : [part],
    ),
  )
}
