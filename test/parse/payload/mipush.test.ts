import { describe, expect, it } from 'vitest'
import { Conversation, join, text, u16 } from './conversation.ts'

const field = (number: number, value: string) => join((number << 3) | 2, value.length, text(value))

/** An opening message. The identifier in field 4 is made up. */
function opening(parts: { dialled?: string; command?: string; clear?: number; domain?: string }): Uint8Array {
  const { dialled, command = 'CONN', clear = 2, domain = 'xiaomi.com' } = parts
  const header = join([8, 0], field(3, domain), field(5, command), [0x48, 0])
  const body = join(
    [8, 106],
    field(2, 'Some Phone'),
    field(4, 'a-0000000000000000'),
    [0x28, 50],
    field(6, 'wifi:M'),
    dialled === undefined ? [] : field(7, dialled),
  )
  const inner = join(u16(clear), u16(header.length), [0, 0], u16(body.length), header, body)
  return join([0xc2, 0xfe, 0, 5, 0, 0], u16(inner.length), inner, [1, 2, 3, 4])
}

describe('MiPush', () => {
  const dialled = 'fr-app-chat-global.eu-central-1.elb.amazonaws.com'

  it('tells the domain and the host that the client dialled, and nothing else of the message', () => {
    const talk = new Conversation({ portB: 5222 }).send('a', opening({ dialled: `${dialled}:5222` }))
    expect(talk.close()).toEqual(['mipush:xiaomi.com', `mipush:${dialled}`])
    expect(JSON.stringify(talk.flow.names)).not.toContain('a-0000000000000000')
  })

  it('tells the domain alone where the client dialled an address, or the server speaks', () => {
    const client = new Conversation({ portB: 5222 }).send('a', opening({ dialled: '192.0.2.7:5222' }))
    expect(client.close()).toEqual(['mipush:xiaomi.com'])
    const server = new Conversation({ portB: 5222 }).send('b', opening({}))
    expect(server.close()).toEqual(['mipush:xiaomi.com'])
  })

  it('reads a message over many segments, out of order, with others behind it', () => {
    const bytes = join(opening({ dialled }), [0xc2, 0xfe, 0, 5, 0, 0, 0, 4, 9, 9, 9, 9])
    const talk = new Conversation({ portB: 443 })
    for (let at = 40; at < bytes.length; at += 40) talk.segment('a', at, bytes.subarray(at, at + 40))
    talk.segment('a', 0, bytes.subarray(0, 40))
    expect(talk.close()).toEqual(['mipush:xiaomi.com', `mipush:${dialled}`])
  })

  it.each<[string, Uint8Array]>([
    ['an encrypted message', opening({ dialled, clear: 0x45b5 })],
    ['another command', opening({ dialled, command: 'PING' })],
    [
      'a message whose lengths do not add up',
      join(opening({ dialled }).subarray(0, 15), 1, opening({ dialled }).subarray(16)),
    ],
    ['a message that was cut', opening({ dialled }).subarray(0, 60)],
  ])('tells nothing of %s', (_, bytes) => {
    expect(new Conversation({ portB: 5222 }).send('a', bytes).close()).toEqual([])
  })
})
