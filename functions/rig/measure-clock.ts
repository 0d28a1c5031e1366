/** Measures how far the rig's clock is off: by chrony where it runs, else by asking an NTP server. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { chronyReading } from './chrony.ts'
import type { ClockReading } from './entries.ts'
import { sntpReading, sntpRequest } from './sntp.ts'
import type { Clock } from './wall-clock.ts'

/** How often a server is asked: the answer that was on the way for the shortest time says most. RFC 4330 §10 allows no more. */
const QUESTIONS = 4
const ANSWER_MS = 2000

/** A reading, or why there is none. */
export type Measured = { readonly reading: ClockReading } | { readonly reading: null; readonly why: string }

/** @param server `host` or `host:port` to ask where chrony does not answer; nobody is asked without it */
export async function measureClock(server: string | undefined, clock: Clock): Promise<Measured> {
  const chrony = await askChrony()
  if (typeof chrony !== 'string') return { reading: chrony }
  if (server === undefined) return { reading: null, why: `${chrony}, and no NTP server was named` }
  const ntp = await askServer(server, clock)
  return typeof ntp === 'string' ? { reading: null, why: `${chrony}; ${ntp}` } : { reading: ntp }
}

function askChrony(): Promise<ClockReading | string> {
  return new Promise((resolve) => {
    execFile('chronyc', ['-c', 'tracking'], { timeout: 5000 }, (error, stdout) => {
      if (error) resolve('code' in error && error.code === 'ENOENT' ? 'chronyc is not there' : 'chronyc did not answer')
      else resolve(chronyReading(stdout))
    })
  })
}

/** The best of several answers, or what went wrong last. */
export async function askServer(server: string, clock: Clock): Promise<ClockReading | string> {
  const [, host = server, port = '123'] = /^\[?([^\]]*?)\]?(?::(\d+))?$/.exec(server) ?? []
  let address: { readonly address: string; readonly family: number }
  try {
    address = await lookup(host)
  } catch {
    return `the name of the NTP server ${server} is not known`
  }
  let best: ClockReading | string = `${server} did not answer`
  for (let i = 0; i < QUESTIONS; i++) {
    const reading = await ask(server, address, Number(port), clock)
    if (typeof reading === 'string') {
      if (typeof best === 'string') best = reading
      if (i === 1 && typeof best === 'string') return best
    } else if (typeof best === 'string' || reading.errorMs < best.errorMs) best = reading
  }
  return best
}

/** One question on a socket of its own. */
function ask(
  server: string,
  { address, family }: { readonly address: string; readonly family: number },
  port: number,
  clock: Clock,
): Promise<ClockReading | string> {
  const socket: Socket = createSocket(family === 6 ? 'udp6' : 'udp4')
  const request = sntpRequest(randomBytes(8))
  return new Promise<ClockReading | string>((resolve) => {
    const timer = setTimeout(() => resolve(`${server} did not answer within ${ANSWER_MS / 1000} s`), ANSWER_MS)
    const finish = (result: ClockReading | string) => {
      clearTimeout(timer)
      resolve(result)
    }
    let sent = 0
    // What is not from the server is not its answer: a connected socket takes nothing else.
    socket.on('error', (error) => finish(`${server} cannot be asked: ${error.message}`))
    socket.on('message', (answer) => {
      const ticked = process.hrtime.bigint()
      // Reading the clock takes up to a millisecond, which was not time on the way.
      const received = clock.now() - Number((process.hrtime.bigint() - ticked) / 1000n)
      finish(sntpReading({ request, answer, sent, received }, server))
    })
    socket.connect(port, address, () => {
      sent = clock.now()
      socket.send(request)
    })
  }).finally(() => socket.close())
}
