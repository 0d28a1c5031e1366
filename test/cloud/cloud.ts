/** The whole cloud on one machine: everything that the template names, wired as the template says. A test bench, and no more. */
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import type { EventSource } from './runtime/event-source.ts'
import { functionsOf, mapEventSources } from './runtime/functions.ts'
import type { LambdaFunction } from './runtime/lambda-function.ts'
import type { S3Server } from './servers/ceph.ts'
import { type Services, startServices } from './servers/services.ts'
import { type Json, StateError, type StateMachine } from './states/definition.ts'
import { type Execution, execute } from './states/execution.ts'
import { resourcesOf, type Template } from './template/template.ts'

export class Cloud {
  readonly template: Template
  readonly services: Services
  readonly functions: ReadonlyMap<string, LambdaFunction>
  readonly #eventSources: readonly EventSource[]

  private constructor(template: Template, services: Services) {
    const { names, queues, environment } = services
    this.template = template
    this.services = services
    this.functions = functionsOf(template, names, environment)
    this.#eventSources = mapEventSources(template, names, queues, this.functions)
  }

  static async start(template: Template, s3Server: S3Server): Promise<Cloud> {
    const services = await startServices(template, s3Server)
    try {
      return new Cloud(template, services)
    } catch (error) {
      await services.close()
      throw error
    }
  }

  async stop(): Promise<void> {
    const polling = this.#eventSources.map((source) => source.stop())
    await Promise.all([...this.functions.values()].map((one) => one.stop()))
    await Promise.all(polling)
    await Promise.all([...this.functions.values()].map((one) => one.stop()))
    await this.services.close()
    this.s3.destroy()
  }

  /** Reads and writes as the account that owns everything. */
  get s3(): S3Client {
    return this.services.s3
  }

  /** The value of one of the stack's outputs. */
  output(name: string): string {
    const output = this.template.Outputs?.[name]
    if (!output) throw new Error(`the stack has no output ${name}`)
    return String(this.services.names.resolve(output.Value))
  }

  /** The function whose name or ARN an output holds. */
  functionOf(output: string): LambdaFunction {
    const value = this.output(output)
    const found = this.#find(value)
    if (!found) throw new Error(`the output ${output} names ${value}, which the bench does not run`)
    return found
  }

  /** Starts what EventBridge Scheduler would start for a campaign's schedule that is due at a time. */
  async runSchedule(campaign: string, due: Date): Promise<Execution> {
    const time = `${due.toISOString().slice(0, 19)}Z`
    for (const [id, { Properties }] of resourcesOf(this.template, 'AWS::Scheduler::Schedule')) {
      const { Arn, Input } = this.services.names.resolve(Properties.Target)
      if (!Arn.includes(':stateMachine:') || JSON.parse(Input).campaign !== campaign) continue
      this.#asks(id, 'states:StartExecution', Arn)
      return this.execute(Arn, JSON.parse(Input.replaceAll('<aws.scheduler.scheduled-time>', time)))
    }
    throw new Error(`the template has no schedule for ${campaign}`)
  }

  /** Starts the machine as an operator would, and waits for its end. @param run the execution's name; made up if not given */
  async execute(machineArn: string, input: Json, run?: string): Promise<Execution> {
    const { names } = this.services
    const machines = resourcesOf(this.template, 'AWS::StepFunctions::StateMachine')
    const [id, machine] = machines.find(([one, resource]) => names.nameOf(one, resource, null) === machineArn) ?? []
    if (!id || !machine) throw new Error(`there is no state machine ${machineArn}`)
    const { DefinitionString, Definition } = names.resolve(machine.Properties)
    const definition = (Definition ?? JSON.parse(DefinitionString)) as StateMachine
    return execute(
      machineArn,
      definition,
      input,
      {
        invoke: (functionName, payload) => {
          this.#asks(id, 'lambda:InvokeFunction', functionName)
          return this.#invoke(functionName, payload)
        },
        readObject: async (bucket, key) => {
          this.#asks(id, 's3:GetObject', `arn:aws:s3:::${bucket}/${key}`)
          return (await this.read(bucket, key)).toString()
        },
        writeObject: async (Bucket, Key, Body) => {
          this.#asks(id, 's3:PutObject', `arn:aws:s3:::${Bucket}/${Key}`)
          await this.s3.send(new PutObjectCommand({ Bucket, Key, Body }))
        },
      },
      run,
    )
  }

  /** The bytes of an object. @throws Error naming what is not there */
  async read(bucket: string, key: string): Promise<Buffer> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key })).catch((error: Error) => {
      throw new Error(`reading s3://${bucket}/${key}: ${error.name}`)
    })
    return Buffer.from((await Body?.transformToByteArray()) ?? [])
  }

  #asks(caller: string, action: string, resource: string): void {
    this.services.calls.push({ caller, action, resource, context: {} })
  }

  #find(nameOrArn: string): LambdaFunction | undefined {
    return [...this.functions.values()].find(({ code }) => [code.name, code.arn].includes(nameOrArn))
  }

  async #invoke(functionName: string, payload: Json): Promise<Json> {
    const target = this.#find(functionName)
    if (!target) throw new StateError('Lambda.ResourceNotFoundException', `there is no function ${functionName}`)
    const { answer } = await target.invoke(payload)
    if (answer.ok) return answer.payload as Json
    throw new StateError(answer.payload.errorType, answer.payload.errorMessage)
  }
}
