/** What a rig's other handshakes say of one that excludes places, in sentences (docs/decisions/0009). */
import type { DistantControl, Handshake, Trust, Vantage } from '../model.ts'
import { compareText } from '../net/code-units.ts'
import { kilometres, milliseconds } from '../net/units.ts'

/** A handshake, and what the others of its rig say of it. */
export interface Trusted {
  readonly handshake: Handshake
  readonly trust: Trust
}

/** Regions named in a sentence; how many more there are is said. */
const most = 4

export const rigWords = ({ rig, place }: Vantage) => `${rig} (${place})`

/** Why handshakes are believed: the regions that the same rig reached on the same port, or that nothing was measured. */
export function controlsFor(trusted: readonly Trusted[]): readonly string[] {
  return onceEach(
    trusted.map(({ handshake, trust }) => {
      const of = `of ${rigWords(handshake.vantage)}${onPort(handshake.port)}`
      const said =
        trust.farther.length > 0
          ? `Handshakes ${of} with regions farther away show that nothing on the way answers in the stead of others; light had time for each: ${listed(trust.farther)}.`
          : `No handshake ${of} with a region farther away shows that nothing on the way answers in the stead of others.`
      return trust.impossible.length === 0 ? said : `${said} ${tooFast(trust)}`
    }),
  )
}

/** What speaks against handshakes that are not believed: the regions that answered the same rig faster than light. */
export function controlsAgainst(trusted: readonly Trusted[]): readonly string[] {
  const against = trusted.filter(({ trust }) => trust.impossible.length > 0)
  return onceEach(against.map(({ handshake, trust }) => `From ${rigWords(handshake.vantage)}: ${tooFast(trust)}`))
}

/** The handshake in question is one of its rig's controls itself where published ranges have the address in a region. */
const tooFast = ({ impossible }: Trust) =>
  `Faster than light, if the addresses (this one's may be among them) are where published ranges have them: ${listed(impossible)}.`

/** Handshakes of one rig on one port have the same controls. */
const onceEach = (said: readonly string[]) => [...new Set(said)].sort(compareText)

/** `aws:eu-central-1, 6,110 km away, 130 ms on port 443` */
function listed(controls: readonly DistantControl[]): string {
  const words = controls
    .slice(0, most)
    .map(
      ({ control: { region, port, rttMs }, km }) =>
        `${region}, ${kilometres(km)} away, ${milliseconds(rttMs)}${onPort(port)}`,
    )
  const more = controls.length - words.length
  return words.join('; ') + (more > 0 ? `; and ${more} more` : '')
}

const onPort = (port: number | null) => (port === null || port < 0 ? '' : ` on port ${port}`)
