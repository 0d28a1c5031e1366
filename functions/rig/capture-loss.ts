/** What dumpcap and tcpdump say that they captured and lost, in the last lines that they write. */
import type { CaptureCounts } from './entries.ts'

/**
 * The counts of a tool's messages.
 *
 * dumpcap (`ui/capture_ui_utils.c`, `dumpcap.c`) says `Packets captured: 7` or `Packets: 7`, and
 * `Packets received/dropped on interface 'wlan0': 7/2 (pcap:1/dumpcap:1/flushed:0/ps_ifdrop:0) (77.8%)`; tcpdump(1) says
 * `7 packets captured`, `9 packets received by filter`, `2 packets dropped by kernel`, `1 packet dropped by interface`.
 */
export function captureCounts(text: string): CaptureCounts {
  const last = (pattern: RegExp) => {
    const found = [...text.matchAll(pattern)].at(-1)?.[1]
    return found === undefined ? undefined : Number(found)
  }
  const packets = last(/Packets captured: (\d+)/g) ?? last(/^(\d+) packets? captured/gm)
  const dumpcap = [...text.matchAll(/received\/dropped on interface .*?: \d+\/(\d+) /g)]
  const tcpdump = [...text.matchAll(/^(\d+) packets? dropped by (?:kernel|interface)/gm)]
  const drops = dumpcap.length > 0 ? dumpcap : tcpdump
  return {
    ...(packets === undefined ? {} : { packets }),
    ...(drops.length === 0 ? {} : { dropped: drops.reduce((sum, [, count]) => sum + Number(count), 0) }),
  }
}
