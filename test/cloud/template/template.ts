/** A synthesised CloudFormation template, read from `cdk.out`, and its intrinsic functions. */
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

export interface Resource {
  readonly Type: string
  // A property's shape depends on the resource's type; whoever reads one knows it.
  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation's properties are JSON of two thousand shapes
  readonly Properties?: any
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>
  readonly Parameters?: Readonly<Record<string, { readonly Default?: string }>>
  /** The folder of the template: its assets stand there as `asset.<hash>`. */
  readonly folder: string
}

export function readTemplate(path: string): Template {
  return { ...JSON.parse(readFileSync(path, 'utf8')), folder: resolve(dirname(path)) }
}

/** The resources of one type, by logical id. */
export function resourcesOf(template: Template, ...types: readonly string[]): [id: string, resource: Resource][] {
  return Object.entries(template.Resources).filter(([, { Type }]) => types.includes(Type))
}

/** The folder of an asset, whose key in the bootstrap bucket is `<hash>.zip`. */
export function assetFolder(template: Template, s3Key: unknown): string {
  const hash = /([0-9a-f]{64})\.zip$/.exec(String(s3Key))?.[1]
  if (!hash) throw new Error(`${JSON.stringify(s3Key)} names no asset of cdk.out`)
  return join(template.folder, `asset.${hash}`)
}

/** What `Ref` and `Fn::GetAtt` give for one resource; `attribute` is null for `Ref`. */
export type NameOf = (id: string, resource: Resource, attribute: string | null) => string

/**
 * A function that replaces the intrinsic functions within a value.
 *
 * @param pseudo the pseudo parameters, such as `AWS::Region`
 * @throws Error on intrinsic functions that our template does not use: the bench must not guess
 */
export function resolver(template: Template, pseudo: Readonly<Record<string, string>>, nameOf: NameOf) {
  const attributeOf = (id: string, attribute: string | null): string => {
    const resource = template.Resources[id]
    if (resource) return nameOf(id, resource, attribute)
    const value = pseudo[id] ?? template.Parameters?.[id]?.Default
    if (value === undefined) throw new Error(`the template refers to ${id}, which it does not have`)
    return value
  }
  const substitute = (text: string, own: Readonly<Record<string, unknown>>): string =>
    text.replace(/\$\{(!?)([^}]+)\}/g, (whole, literal: string, name: string) => {
      if (literal) return whole.replace('!', '')
      if (name in own) return String(resolveValue(own[name]))
      const [id = '', attribute] = name.split(/\.(.*)/s)
      return attributeOf(id, attribute ?? null)
    })
  const intrinsic = (name: string, argument: unknown): unknown => {
    const list = Array.isArray(argument) ? argument : [argument]
    switch (name) {
      case 'Ref':
        return attributeOf(String(argument), null)
      case 'Fn::GetAtt': {
        const [id, attribute] = typeof argument === 'string' ? argument.split(/\.(.*)/s) : list
        return attributeOf(id, attribute)
      }
      case 'Fn::Join':
        return (resolveValue(list[1]) as string[]).join(list[0])
      case 'Fn::Sub':
        return substitute(list[0], list[1] ?? {})
      case 'Fn::Select':
        return (resolveValue(list[1]) as unknown[])[Number(list[0])]
      case 'Fn::Split':
        return String(resolveValue(list[1])).split(list[0])
      default:
        throw new Error(`the bench does not know ${name}`)
    }
  }
  const resolveValue = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolveValue)
    if (typeof value !== 'object' || value === null) return value
    const [[name, argument] = ['', null], ...others] = Object.entries(value)
    if (others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) return intrinsic(name, argument)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolveValue(inner)]))
  }
  // biome-ignore lint/suspicious/noExplicitAny: as Resource.Properties
  return resolveValue as (value: unknown) => any
}
