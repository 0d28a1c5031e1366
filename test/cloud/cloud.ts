/** The whole cloud on one machine: everything that the template names, wired as the template says. A test bench, and no more. */
import { randomBytes, randomUUID } from 'node:crypto'
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import type { EventSource } from './runtime/event-source.ts'
import { functionsOf, mapEventSources } from './runtime/functions.ts'
import type { LambdaFunction } from './runtime/lambda-function.ts'
import { makeBuckets } from './servers/buckets.ts'
import { type S3Server, s3Client } from './servers/ceph.ts'
import { gateBefore } from './servers/conditional-writes.ts'
import { bridgeNotifications } from './servers/notifications.ts'
import { applyPolicies, type Rigs } from './servers/policies.ts'
import { serveRanges } from './servers/provider.ts'
import { makeQueues, type QueueServer, serveQueues } from './servers/queues.ts'
import { type SigningKey, serveSigningKey } from './servers/signing-key.ts'
import { serveTopics, type Topics } from './servers/topics.ts'
import { type Json, StateError, type StateMachine } from './states/definition.ts'
import { walk } from './states/machine.ts'
import { type Names, namesOf } from './template/names.ts'
import { resourcesOf, type Template } from './template/template.ts'

/** How an execution of the state machine ended. */
export interface Execution {
  readonly succeeded: boolean
  readonly output: Json
  readonly error: string | null
  /** States in the order in which they were entered. */
  readonly states: readonly string[]
}

export class Cloud {
  /** Reads and writes as the account that owns everything. */
  readonly s3: S3Client
  readonly template: Template
  readonly server: S3Server
  readonly names: Names
  readonly queues: QueueServer
  readonly functions: ReadonlyMap<string, LambdaFunction>
  readonly signingKey: SigningKey
  readonly topics: Topics
  /** Credentials of the rigs that the template names; none on a foreign S3 server. */
  readonly rigs: Rigs
  readonly #eventSources: readonly EventSource[]
  readonly #closers: readonly (() => Promise<void>)[]

  private constructor(parts: Parts) {
    this.s3 = parts.s3
    this.template = parts.template
    this.server = parts.server
    this.names = parts.names
    this.queues = parts.queues
    this.functions = parts.functions
    this.signingKey = parts.signingKey
    this.topics = parts.topics
    this.rigs = parts.rigs
    this.#eventSources = parts.eventSources
    this.#closers = parts.closers
  }

  /** Starts everything but the S3 server itself. What was started is stopped again where something fails. */
  static async start(template: Template, s3Server: S3Server): Promise<Cloud> {
    const closers: (() => Promise<void>)[] = []
    try {
      const server = await gateBefore(s3Server)
      closers.push(server.close)
      const queues = await serveQueues()
      closers.push(queues.close)
      const stack = `domicile-${randomBytes(4).toString('hex')}`
      const names = namesOf(template, stack, queues.endpoint)
      const [keyId, key] =
        resourcesOf(template, 'AWS::KMS::Key').find(([, { Properties }]) => isSigning(Properties)) ?? []
      const signingKey = await serveSigningKey(keyId && key ? names.nameOf(keyId, key, 'Arn') : 'none')
      closers.push(signingKey.close)
      const topics = await serveTopics()
      closers.push(topics.close)
      const provider = await serveRanges()
      closers.push(provider.close)
      const s3 = s3Client(server)
      await makeQueues(template, names, queues)
      await makeBuckets(template, names, s3)
      const rigs = server.folder ? await applyPolicies(template, names, stack, server, s3) : new Map()
      const bridge = await bridgeNotifications(template, names, server, s3, queues)
      closers.push(bridge.close)
      const functions = functionsOf(template, names, {
        ...environmentOf(server, queues, signingKey, topics),
        RANGES_URL: provider.url,
      })
      const eventSources = mapEventSources(template, names, queues, functions)
      return new Cloud({
        s3,
        template,
        server,
        names,
        queues,
        functions,
        signingKey,
        topics,
        rigs,
        eventSources,
        closers,
      })
    } catch (error) {
      await Promise.all(closers.map((close) => close()))
      throw error
    }
  }

  async stop(): Promise<void> {
    const polling = this.#eventSources.map((source) => source.stop())
    await Promise.all([...this.functions.values()].map((one) => one.stop()))
    await Promise.all(polling)
    await Promise.all([...this.functions.values()].map((one) => one.stop()))
    await Promise.all(this.#closers.map((close) => close()))
    this.s3.destroy()
  }

  /** The value of one of the stack's outputs. */
  output(name: string): string {
    const output = this.template.Outputs?.[name]
    if (!output) throw new Error(`the stack has no output ${name}`)
    return String(this.names.resolve(output.Value))
  }

  /** The function whose name or ARN an output holds. */
  functionOf(output: string): LambdaFunction {
    const value = this.output(output)
    const found = [...this.functions.values()].find(({ code }) => [code.name, code.arn].includes(value))
    if (!found) throw new Error(`the output ${output} names ${value}, which the bench does not run`)
    return found
  }

  /** Starts what EventBridge Scheduler would start for a campaign's schedule that is due at a time. */
  async runSchedule(campaign: string, due: Date): Promise<Execution> {
    const time = `${due.toISOString().slice(0, 19)}Z`
    for (const [, { Properties }] of resourcesOf(this.template, 'AWS::Scheduler::Schedule')) {
      const { Arn, Input } = this.names.resolve(Properties.Target)
      if (!Arn.includes(':stateMachine:') || JSON.parse(Input).campaign !== campaign) continue
      return this.execute(Arn, JSON.parse(Input.replaceAll('<aws.scheduler.scheduled-time>', time)))
    }
    throw new Error(`the template has no schedule for ${campaign}`)
  }

  /** Starts the machine as an operator would, and waits for its end. */
  async execute(machineArn: string, input: Json): Promise<Execution> {
    const [id, machine] =
      resourcesOf(this.template, 'AWS::StepFunctions::StateMachine').find(
        ([one, resource]) => this.names.nameOf(one, resource, null) === machineArn,
      ) ?? []
    if (!id || !machine) throw new Error(`there is no state machine ${machineArn}`)
    const { DefinitionString, Definition } = this.names.resolve(machine.Properties)
    const definition = (Definition ?? JSON.parse(DefinitionString)) as StateMachine
    const name = randomUUID()
    const context = {
      Execution: {
        Id: `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`,
        Name: name,
        Input: input,
        StartTime: new Date().toISOString(),
      },
      StateMachine: { Id: machineArn, Name: machineArn.split(':').at(-1) ?? '' },
    }
    const states: string[] = []
    try {
      const output = await walk(definition, input, context, {
        invoke: (functionName, payload) => this.#invoke(functionName, payload),
        readObject: (bucket, key) => this.read(bucket, key).then((bytes) => bytes.toString()),
        writeObject: async (Bucket, Key, Body) =>
          void (await this.s3.send(new PutObjectCommand({ Bucket, Key, Body }))),
        entered: (state) => states.push(state),
      })
      return { succeeded: true, output, error: null, states }
    } catch (error) {
      if (!(error instanceof StateError)) throw error
      return { succeeded: false, output: null, error: `${error.name}: ${error.message}`, states }
    }
  }

  /** The bytes of an object. @throws Error naming what is not there */
  async read(bucket: string, key: string): Promise<Buffer> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key })).catch((error: Error) => {
      throw new Error(`reading s3://${bucket}/${key}: ${error.name}`)
    })
    return Buffer.from((await Body?.transformToByteArray()) ?? [])
  }

  async #invoke(functionName: string, payload: Json): Promise<Json> {
    const target = [...this.functions.values()].find(({ code }) => [code.name, code.arn].includes(functionName))
    if (!target) throw new StateError('Lambda.ResourceNotFoundException', `there is no function ${functionName}`)
    const { answer } = await target.invoke(payload)
    if (answer.ok) return answer.payload as Json
    throw new StateError(answer.payload.errorType, answer.payload.errorMessage)
  }
}

interface Parts {
  readonly s3: S3Client
  readonly template: Template
  readonly server: S3Server
  readonly names: Names
  readonly queues: QueueServer
  readonly functions: ReadonlyMap<string, LambdaFunction>
  readonly signingKey: SigningKey
  readonly topics: Topics
  readonly rigs: Rigs
  readonly eventSources: readonly EventSource[]
  readonly closers: readonly (() => Promise<void>)[]
}

const isSigning = (properties?: { readonly KeyUsage?: string }) => properties?.KeyUsage === 'SIGN_VERIFY'

/** Where the functions find the services, and as whom; the code is AWS's SDK, unchanged. */
function environmentOf(server: S3Server, queues: QueueServer, key: SigningKey, topics: Topics): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: server.owner.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.owner.secretAccessKey,
    AWS_ENDPOINT_URL_S3: server.endpoint,
    AWS_ENDPOINT_URL_SQS: queues.endpoint,
    AWS_ENDPOINT_URL_KMS: key.url,
    AWS_ENDPOINT_URL_SNS: topics.url,
    // Ceph 16 knows none of the checksums that S3 has had since 2022.
    AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required',
    AWS_RESPONSE_CHECKSUM_VALIDATION: 'when_required',
  }
}
