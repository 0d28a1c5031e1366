import { describe, expect, it } from 'vitest'
import { loadDeclaration } from '../../functions/declare/load.ts'

const declaration = (sharedHosts: string) => `apiVersion: domicile/v1
kind: Declaration
metadata: { id: d, version: 1, title: T, vendor: V, timezone: UTC }
places: { here: { country: SG } }
services:
  - id: account
    hosts: ["*.account.example.com"]
    phases: [{ id: always, allow: [here] }]
  - id: messaging
    hosts: [chat.example.com]
    phases: [{ id: always, allow: [here] }]
    consent: { sharedHosts: ${sharedHosts}, optIn: enable-messaging, before: forbid-contact }
`
const load = (sharedHosts: string) => loadDeclaration(declaration(sharedHosts), 'd.yaml')
const faultsOf = (sharedHosts: string) => load(sharedHosts).faults.map(({ message }) => message)

describe('hosts that a service shares', () => {
  it('are those of another service, by its patterns', () => {
    const { declaration: loaded, faults } = load('[api.account.example.com]')
    expect(faults).toEqual([])
    expect(loaded?.services[1]?.consent?.sharedHosts).toEqual(['api.account.example.com'])
  })

  it('are refused where nobody else has them, are listed twice, or are no hosts', () => {
    expect(faultsOf('[chat.example.com]')).toEqual([expect.stringContaining('belongs to no other service')])
    expect(faultsOf('["*.account.example.com", "*.account.example.com"]')).toEqual([
      expect.stringContaining('is listed twice'),
    ])
    expect(faultsOf('["https://api.account.example.com/x"]')).toEqual([expect.stringContaining('is a URL')])
  })
})
