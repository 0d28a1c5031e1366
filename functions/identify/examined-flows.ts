/** What was found in each flow of a batch: in what its device sent, as far as it could be read. */
import type { Attribution, Examined, FlowBatch } from '../model.ts'
import type { Examiner } from './examiner.ts'

/**
 * Takes a batch's flows out of an examiner, which forgets them.
 *
 * What counts is the device's end, or the one that stands for it ({@link Attribution.near}). A flow in which it sent nothing was
 * read whole; one of which a log has no content was not read.
 *
 * @returns one a row
 */
export function examinedFlows(examiner: Examiner, batch: FlowBatch, { near }: Attribution): readonly Examined[] {
  const rows: Examined[] = []
  for (let row = 0; row < batch.length; row++) {
    const ofA = near[row] === 1
    const flow = batch.content[row] as number
    const sent = (ofA ? batch.payloadA : batch.payloadB)[row] as number
    const unread = flow === 0 ? sent : ((ofA ? batch.unreadA : batch.unreadB)[row] as number)
    const { hits, opaque, read, missing } = examiner.examinedOf(flow, ofA)
    const isWhole = unread === 0 && !missing
    rows.push({
      whole: isWhole ? 1 : 0,
      partly: read && !isWhole ? 1 : 0,
      unread: read || isWhole ? 0 : 1,
      hits,
      opaque,
    })
    if (flow !== 0) examiner.forget(flow)
  }
  return rows
}
