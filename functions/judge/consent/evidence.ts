/** Judges every contact under every claim that its host is part of. */
import type { Micros, Session } from '../../model.ts'
import type { ConcludeInput } from '../conclude-input.ts'
import type { Sighted } from '../evidence.ts'
import type { Standings } from '../standings.ts'
import type { Weighed } from '../weighed.ts'
import type { ContactRow } from './contact.ts'
import { forbidden, rulingsOf } from './rule.ts'
import { type Scope, scopeOf } from './scope.ts'
import { type Claim, claimsOf, describedOnce } from './tally.ts'

/** Claims and sessions, each looked at once. */
export class Claims {
  readonly all: readonly Claim[]
  readonly #byService: ReadonlyMap<string, Claim>
  readonly #sessions: ReadonlyMap<string, Session | null>
  readonly #firstPackets = new Map<string, Micros>()
  readonly #scopes = new Map<Claim, Map<string, Scope>>()

  constructor({ declaration, sessions, ledgers }: Pick<ConcludeInput, 'declaration' | 'sessions' | 'ledgers'>) {
    this.all = claimsOf(declaration)
    this.#byService = new Map(this.all.map((claim) => [claim.service, claim]))
    this.#sessions = describedOnce(sessions)
    for (const { session, first } of ledgers)
      if (first !== null) this.#firstPackets.set(session, Math.min(first, this.#firstPackets.get(session) ?? first))
  }

  of(service: string): Claim | undefined {
    return this.#byService.get(service)
  }

  /** null where nobody described it, or where several bear its id. */
  session(id: string): Session | null {
    return this.#sessions.get(id) ?? null
  }

  scope(claim: Claim, id: string): Scope {
    const known = this.#scopes.get(claim) ?? new Map<string, Scope>()
    const scope =
      known.get(id) ??
      scopeOf(claim.consent, this.session(id), {
        id,
        described: this.#sessions.has(id),
        firstPacket: this.#firstPackets.get(id) ?? null,
      })
    this.#scopes.set(claim, known.set(id, scope))
    return scope
  }
}

/** What was decided of the contacts. The flows of a piece count under their host's residency as well: it is another question. */
export function consentEvidence(
  { declaration }: Pick<ConcludeInput, 'declaration'>,
  claims: Claims,
  weighed: Weighed,
  standings: Standings,
): readonly Sighted[] {
  const pieces: Sighted[] = []
  for (const row of weighed.consent.contacts)
    for (const { id, moment } of row.services) {
      const claim = claims.of(id)
      if (!claim || !moment) continue
      const { located } = standings.at(row.location)
      const { session, host, via } = row
      const rulings = rulingsOf({
        ...{ declaration, claim, moment, row },
        scope: claims.scope(claim, session),
        session: claims.session(session),
        location: located.location,
        steps: row.origins.map((origin) => weighed.origins.at(origin).step),
        permitted: permittedBeside(claim, row, claims),
        agreed: agreedBeside(claim, row),
      })
      for (const ruling of rulings)
        pieces.push({
          // What surely began before is not mixed with what began near to the edge, or went on beyond it.
          outcome: {
            ...{ ...ruling, host, via, services: [{ id, phase: null }], session },
            moment: moment.beyond ? `${moment.stage} and beyond` : moment.stage,
          },
          located,
          ...{ flows: row.flows, bytesOut: row.bytesOut, bytesIn: row.bytesIn, first: row.first, last: row.last },
          port: row.port < 0 ? null : row.port,
          protocol: row.protocol,
          origins: new Set(row.origins),
        })
    }
  return pieces
}

/** Other services of the host that its user may have agreed to by then. */
const agreedBeside = ({ service }: Claim, { services }: ContactRow): readonly string[] =>
  services
    .filter(
      ({ id, moment }) => id !== service && moment !== null && moment.stage !== 'before' && moment.stage !== 'after',
    )
    .map(({ id }) => id)

/** Other services of the host that no claim surely keeps from contact then. */
function permittedBeside(claim: Claim, { services, session }: ContactRow, claims: Claims): readonly string[] {
  return services
    .filter(({ id, moment }) => {
      if (id === claim.service) return false
      const other = claims.of(id)
      if (!other || !moment || (moment.stage !== 'before' && moment.stage !== 'after')) return true
      const scope = claims.scope(other, session)
      const isSure =
        scope.outside === null && scope.doubt === null && (scope.earlier === null || moment.stage === 'after')
      return !isSure || forbidden(other.consent, moment)?.what !== 'forbid-contact'
    })
    .map(({ id }) => id)
}
