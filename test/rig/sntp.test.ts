import { createSocket, type Socket } from 'node:dgram'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { chronyReading } from '../../functions/rig/chrony.ts'
import { askServer } from '../../functions/rig/measure-clock.ts'
import { sntpReading, sntpRequest } from '../../functions/rig/sntp.ts'
import { systemClock } from '../../functions/rig/wall-clock.ts'

const EPOCH = 2_208_988_800

/** What a server answers whose clock differs from the rig's by `aheadMs`, and that takes `holdMs` to answer. */
interface Server {
  readonly aheadMs?: number
  readonly stratum?: number
  readonly first?: number
  readonly rootDelayMs?: number
  readonly rootDispersionMs?: number
  readonly forge?: (packet: Buffer) => Buffer
}

function writeTime(packet: Buffer, at: number, micros: number): void {
  const seconds = Math.floor(micros / 1e6)
  packet.writeUInt32BE((seconds + EPOCH) % 2 ** 32, at)
  packet.writeUInt32BE(Math.floor(((micros - seconds * 1e6) / 1e6) * 2 ** 32), at + 4)
}

function answerOf(request: Uint8Array, arrived: number, left: number, server: Server = {}): Buffer {
  const packet = Buffer.alloc(48)
  packet[0] = server.first ?? 0x24
  packet[1] = server.stratum ?? 2
  packet.writeInt32BE(Math.round((server.rootDelayMs ?? 0) * 65.536), 4)
  packet.writeUInt32BE(Math.round((server.rootDispersionMs ?? 0) * 65.536), 8)
  packet.set(request.subarray(40, 48), 24)
  writeTime(packet, 32, arrived)
  writeTime(packet, 40, left)
  return server.forge?.(packet) ?? packet
}

const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close()
})

/** A server on this machine. @returns its address */
async function serve(server: Server): Promise<string> {
  const socket = createSocket('udp4')
  sockets.push(socket)
  socket.on('message', (request, { port, address }) => {
    const now = systemClock.now() + (server.aheadMs ?? 0) * 1000
    socket.send(answerOf(request, now, now, server), port, address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return `127.0.0.1:${(socket.address() as AddressInfo).port}`
}

describe('asking an NTP server', () => {
  it.each([0, 250, -250, 3_600_000, -86_400_000])(
    'finds a clock that the server is ahead of by %d ms',
    async (aheadMs) => {
      const reading = await askServer(await serve({ aheadMs, rootDelayMs: 10, rootDispersionMs: 5 }), systemClock)
      if (typeof reading === 'string') throw new Error(reading)
      expect(reading.errorMs).toBeGreaterThanOrEqual(9.99)
      expect(Math.abs(reading.offsetMs + aheadMs)).toBeLessThanOrEqual(reading.errorMs)
      // Within this machine, questions are not long on the way.
      expect(reading.errorMs).toBeLessThan(300)
    },
  )

  it.each([
    ['does not want to be asked', { stratum: 0, forge: (packet: Buffer) => packet.fill('RATE', 12, 16) }, 'RATE'],
    ['is not synchronised', { first: 0xe4 }, 'not synchronised'],
    ['is a client', { first: 0x23 }, 'mode 3'],
    ['answers somebody else', { forge: (packet: Buffer) => packet.fill(7, 24, 32) }, 'not this one'],
    ['answers half', { forge: (packet: Buffer) => packet.subarray(0, 24) }, '24 bytes'],
    ['says no time', { forge: (packet: Buffer) => packet.fill(0, 32, 48) }, 'without the time'],
  ] as const)('says so where the server %s', async (_what, server, says) => {
    expect(await askServer(await serve(server), systemClock)).toContain(says)
  })

  it('says so where nobody answers, or the name is none', { timeout: 20_000 }, async () => {
    const silent = createSocket('udp4')
    sockets.push(silent)
    await new Promise<void>((resolve) => silent.bind(0, '127.0.0.1', resolve))
    expect(await askServer(`127.0.0.1:${silent.address().port}`, systemClock)).toContain('did not answer within 2 s')
    expect(await askServer('nowhere.invalid', systemClock)).toContain('not known')
  })
})

describe('an answer', () => {
  const request = sntpRequest(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]))
  const at = Date.UTC(2026, 10, 23) * 1000

  it('gives half of the difference of both ways, and half of the round trip as its error', () => {
    // 30 ms there, 4 ms at the server, 10 ms back; the server is 100 ms ahead.
    const answer = answerOf(request, at + 130_000, at + 134_000)
    const reading = sntpReading({ request, answer, sent: at, received: at + 44_000 }, 'a')
    expect(reading).toMatchObject({ source: 'ntp a' })
    if (typeof reading === 'string') throw new Error(reading)
    expect(reading.offsetMs).toBeCloseTo(-110, 2)
    expect(reading.errorMs).toBeCloseTo(20, 2)
  })

  it('is of the era that is nearest', () => {
    const later = Date.UTC(2040, 0, 1) * 1000
    const reading = sntpReading({ request, answer: answerOf(request, later, later), sent: later, received: later }, 'a')
    expect(reading).toMatchObject({ offsetMs: expect.closeTo(0, 2) })
  })

  it('is none where its times cannot be', () => {
    const answer = answerOf(request, at + 134_000, at + 130_000)
    expect(sntpReading({ request, answer, sent: at, received: at + 44_000 }, 'a')).toContain('cannot be')
  })
})

describe('chrony', () => {
  const tracking = (system: string, leap = 'Normal') =>
    `C0A80701,192.0.2.1,3,1416976000.123456789,${system},0.000000100,0.000020,-12.5,0.001,0.02,0.010000000,0.002000000,64.2,${leap}\n`

  it('says how far the clock is off, and how far that may be off', () => {
    expect(chronyReading(tracking('0.000250000'))).toEqual({ source: 'chrony 192.0.2.1', offsetMs: -0.25, errorMs: 7 })
    expect(chronyReading(tracking('-0.000250000'))).toMatchObject({ offsetMs: 0.25 })
  })

  it('is no measure where it is not synchronised or says something else', () => {
    expect(chronyReading(tracking('0.0', 'Not synchronised'))).toContain('not synchronised')
    expect(chronyReading('506 Cannot talk to daemon')).toContain('did not say')
    expect(chronyReading(tracking('soon'))).toContain('no numbers')
  })
})
