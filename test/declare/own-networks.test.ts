import { describe, expect, it } from 'vitest'
import { loadDeclaration } from '../../functions/declare/load.ts'
import { declaration, shown } from './fault-cases.ts'

const load = (names: string) => loadDeclaration(`${declaration}ownNetworks: ${names}\n`, 'd')

describe("the vendor's own networks", () => {
  it('are names of providers, or of whoever else publishes a feed; none where they are left out', () => {
    expect(load('[alibaba, xiaomi]').declaration?.ownNetworks).toEqual(['alibaba', 'xiaomi'])
    expect(loadDeclaration(declaration, 'd').declaration?.ownNetworks).toEqual([])
  })

  it.each([
    ['[alibabba]', 'there is no provider `alibabba`: did you mean `alibaba`?'],
    ['[aliyun]', 'there is no provider `aliyun`: did you mean `alibaba`?'],
    ['[amazon]', 'there is no provider `amazon`: did you mean `aws`?'],
    ['[ranges/aws]', '`ranges/aws` is no provider: write its name as in `ranges/alibaba`, without `ranges/`'],
    ['[aws, aws]', '`aws` is listed twice: remove one of them'],
  ])('%s is told what to write instead', (names, message) => {
    const { faults } = load(names)
    expect(faults.map(shown)).toEqual([expect.stringContaining(message)])
  })
})
