/** What is wrong with a protocol whose keys and types are right. */
import { durationFault } from './duration.ts'
import type { FaultList } from './fault-list.ts'
import type { Protocol } from './protocol-shape.ts'
import { idsOf } from './references.ts'
import type { Draft } from './shape-faults.ts'

type StepDraft = Draft<Protocol['steps'][number]>

/** What a repetition of a step is called: `idle-2`. */
const REPETITION = /-\d+$/

/** Adds every fault to `faults`. */
export function checkProtocol(draft: Draft<Protocol>, faults: FaultList): void {
  const steps = draft.steps ?? []
  idsOf('step', 'steps', steps, ['steps'], faults)
  const given = new Set(steps.flatMap((step) => step?.id ?? []))
  let agreed = false
  let canary = false
  for (const [i, step] of steps.entries()) {
    if (step === undefined) continue
    checkStep(step, i, faults)
    const whole = step.id?.replace(REPETITION, '')
    if (step.id !== undefined && whole !== step.id && given.has(whole ?? ''))
      faults.error(
        ['steps', i, 'id'],
        `is what a repetition of \`${whole}\` is called: give this one a name of its own, such as \`${whole}-again\``,
      )
    if (step.resets !== undefined) {
      agreed = false
      canary = false
    }
    if (step.kind === 'canary' && canary)
      faults.error(['steps', i, 'kind'], 'is the second canary of its session, and one proves all: take this step out')
    if (step.kind === 'canary') canary = true
    if (step.consent === 'opt-in') agreed = true
    if (step.consent === 'opt-out' && !agreed)
      faults.error(
        ['steps', i, 'consent'],
        'takes back what nobody agreed to in this session: put a step with `consent: opt-in` before it',
      )
  }
}

function checkStep(step: StepDraft, i: number, faults: FaultList): void {
  const path = ['steps', i]
  const { kind = 'act', wait, canary, instruct } = step
  const long = wait === undefined ? null : durationFault(wait)
  if (long !== null) faults.error([...path, 'wait'], long)
  const says = (key: string) => key in step || faults.has([...path, key])
  if (kind === 'idle' && !says('wait'))
    faults.error(path, 'is idle and does not say for how long: write `wait: PT15M` or the like')
  if (kind === 'canary' && !says('canary'))
    faults.error(path, 'is a canary and does not say of what: write `canary: { url: "http://example.com/" }`')
  if (canary !== undefined && kind !== 'canary')
    faults.error([...path, 'canary'], 'belongs to a step of `kind: canary`: write that too, or take it out')
  if (kind !== 'idle' && kind !== 'canary' && instruct === undefined && !says('instruct'))
    faults.error(path, 'does not say what to do: write `instruct: Insert the SIM card.` or the like')
  if (step.optional === true && step.consent !== undefined)
    faults.error(
      [...path, 'optional'],
      'would leave open whether the user agreed: make the step one that is done, or take `consent` out',
    )
}
