/** Whether the names of the vendor's own networks are those that reference data goes by. */
import { regionKeys } from '../net/cloud-regions.ts'
import type { FaultList } from './fault-list.ts'
import { quoted } from './path.ts'
import { checkDistinct } from './references.ts'
import { nearest } from './suggest.ts'

const PROVIDERS: ReadonlySet<string> = new Set(regionKeys.map((key) => key.slice(0, key.indexOf(':'))))

/** What people call providers, by the names that reference data has. */
const ALSO_CALLED: Readonly<Record<string, string>> = {
  amazon: 'aws',
  gcp: 'google',
  microsoft: 'azure',
  oci: 'oracle',
  aliyun: 'alibaba',
  alicloud: 'alibaba',
}

/** Any other name may be that of an operator's geofeed; one that is nearly a provider's would be looked for in vain. */
export function checkOwnNetworks(names: readonly (string | undefined)[], faults: FaultList): void {
  const path = ['ownNetworks']
  for (const [i, name] of names.entries()) {
    if (name === undefined || PROVIDERS.has(name)) continue
    const meant = ALSO_CALLED[name] ?? nearest(name, PROVIDERS)
    if (meant != null)
      faults.error([...path, i], `there is no provider ${quoted(name)}: did you mean ${quoted(meant)}?`)
  }
  const twice = (name: string) => `${quoted(name)} is listed twice: remove one of them`
  checkDistinct(names, (i) => [...path, i], twice, faults)
}
