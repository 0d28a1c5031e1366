/** One session's device, and what it does again and again. */
import { answer, type Rig, type ServerName, serverFrom } from './servers.ts'
import { type Exchange, Tap } from './tap.ts'

export const second = 1e6
export const minute = 60 * second

/** One session's device, and the places from which its rig sees the servers. */
export class Visit {
  readonly tap: Tap
  readonly #rig: Rig

  constructor(session: string, rig: Rig) {
    this.tap = new Tap(session)
    this.#rig = rig
  }

  /** A boxed phone is switched on: it joins the network, sets its clock, checks whether it is online. */
  switchOn(time: number): void {
    this.tap.join(time)
    this.tap.setClock(time + 4 * second)
    this.tap.ping(time + 6 * second)
    this.online(time + 8 * second)
  }

  /** The device checks whether it is online. */
  online(time: number): void {
    const check = 'clients3.google.com'
    this.resolve(time, check, 'connectivityCheck')
    this.tap.checkConnectivity(time + 0.1 * second, check, serverFrom(this.#rig, 'connectivityCheck'))
  }

  resolve(time: number, name: string, server: ServerName): void {
    this.tap.resolve(time, name, answer(name, server))
  }

  /** The device resolves a host and talks to it over TLS. */
  talk(time: number, name: string, server: ServerName, exchanges: readonly Exchange[], pauseMs?: number): void {
    this.resolve(time, name, server)
    this.tls(time + 0.1 * second, name, server, exchanges, pauseMs)
  }

  tls(time: number, name: string | null, server: ServerName, exchanges: readonly Exchange[], pauseMs?: number): void {
    this.tap.tls(time, name, serverFrom(this.#rig, server), exchanges, pauseMs)
  }
}
