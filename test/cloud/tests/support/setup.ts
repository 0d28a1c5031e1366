/** Before all tests: the command line is bundled, the stack synthesised, and an S3 server started; it ends with the tests. */
import { execFileSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import type { TestProject } from 'vitest/node'
import { type S3Server, startS3, stopS3 } from '../../servers/ceph.ts'

const root = resolve(import.meta.dirname, '../../../..')

declare module 'vitest' {
  interface ProvidedContext {
    server: S3Server
    /** Path of the synthesised template of the development stage. */
    template: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  execFileSync(process.execPath, ['build.mjs'], { cwd: root, stdio: 'inherit', timeout: 60_000 })
  if (!process.env.CLOUD_TEMPLATE)
    execFileSync('npx', ['cdk', 'synth', '--quiet'], { cwd: root, stdio: 'inherit', timeout: 120_000 })
  project.provide('template', process.env.CLOUD_TEMPLATE ?? join(root, 'cdk.out/domicile-dev.template.json'))
  const server = await startS3()
  project.provide('server', server)
  return () => stopS3(server)
}
