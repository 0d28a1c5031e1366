import { describe, expect, it } from 'vitest'
import { normalForms } from '../../functions/identify/normal-forms.ts'
import type { SeedKind } from '../../functions/model.ts'

const formsOf = (kind: SeedKind, value: string) => normalForms({ id: 's', kind, value })

describe('normal forms', () => {
  it.each<[SeedKind, string, readonly string[]]>([
    ['imei', '001012345678903', ['001012345678903', '00101234567890', '00-101234-567890-3', '00101234-567890-3']],
    ['imei', '00101234567890', ['001012345678902', '00101234567890', '00-101234-567890-2', '00101234-567890-2']],
    // 3GPP TS 24.008 §10.5.1.4: odd number of digits, so 9 goes before them, and the halves of each byte are swapped.
    ['imsi', '001019876543217', ['001019876543217', '0910108967452371']],
    ['phone', '+12025550143', ['+12025550143', '12025550143', '0012025550143', '01112025550143', '2025550143']],
    [
      'contact-phone',
      '+447700900185',
      ['+447700900185', '447700900185', '00447700900185', '011447700900185', '7700900185', '07700900185'],
    ],
    ['android-id', '9f3c5b7a1d2e8046', ['9f3c5b7a1d2e8046', '9F3C5B7A1D2E8046']],
    ['email', 'Zoe@Example.com', ['Zoe@Example.com', 'zoe@example.com', 'ZOE@EXAMPLE.COM']],
    ['account', 'NaNcy', ['NaNcy', 'nancy', 'NANCY']],
    [
      'location',
      '12.971599,77.594566',
      [
        '12.972,77.595',
        '12.971,77.594',
        '12.9716,77.5946',
        '12.9715,77.5945',
        '12.97160,77.59457',
        '12.97159,77.59456',
        '12.971599,77.594566',
      ],
    ],
  ])('of %s %s', (kind, value, forms) => {
    expect(formsOf(kind, value)).toEqual(forms)
  })

  it('of a hardware address are the same however it is given', () => {
    const forms = formsOf('wifi-mac', '02:00:5e:4a:9c:d1')
    expect(forms).toEqual(
      expect.arrayContaining(['02:00:5e:4a:9c:d1', '02-00-5E-4A-9C-D1', '0200.5e4a.9cd1', '02005E4A9CD1']),
    )
    expect(formsOf('wifi-mac', '0200.5E4A.9CD1')).toEqual(forms)
  })

  it('of a UUID are the same with and without hyphens', () => {
    const forms = formsOf('advertising-id', '6fd2a3c0-41be-4d57-9a6c-0e8f1b2d3c4a')
    expect(forms).toHaveLength(4)
    expect(formsOf('advertising-id', '{6FD2A3C041BE4D579A6C0E8F1B2D3C4A}').toSorted()).toEqual(forms.toSorted())
  })

  it('of a name have the last name first too, in both forms of Unicode', () => {
    const forms = formsOf('contact-name', 'Zoë Testova')
    expect(forms).toEqual(expect.arrayContaining(['Zoë Testova', 'Testova, Zoë', 'testova zoë'.normalize('NFD')]))
    expect(formsOf('contact-name', 'Testova, Zoë').toSorted()).toEqual(forms.toSorted())
  })

  it.each<[SeedKind, string]>([
    ['carrier', 'EE'],
    ['carrier', ''],
    ['location', 'north'],
    ['wifi-mac', '::'],
  ])('are none of what cannot be looked for: %s %s', (kind, value) => {
    expect(formsOf(kind, value)).toEqual([])
  })

  it('of two letters that are three bytes or more are looked for', () => {
    expect(formsOf('carrier', '移动')).toEqual(['移动'])
  })
})
