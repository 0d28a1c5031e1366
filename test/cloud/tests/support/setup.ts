/** Before all tests: the command line is bundled, the stack synthesised, and an S3 server started; it ends with the tests. */
import { execFileSync } from 'node:child_process'
import type { TestProject } from 'vitest/node'
import { type S3Server, startS3, stopS3 } from '../../servers/ceph.ts'
import { root } from '../../template/root.ts'
import { synthesise } from '../../template/synthesise.ts'
import { audits, rigs } from './example.ts'

declare module 'vitest' {
  interface ProvidedContext {
    server: S3Server
    /** Path of the synthesised template of the development stage. */
    template: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  execFileSync(process.execPath, ['build.mjs'], { cwd: root, stdio: 'inherit', timeout: 60_000 })
  const stack = synthesise({ rigs, audits, seedKeys: true })
  project.provide('template', stack.template)
  try {
    const server = await startS3()
    project.provide('server', server)
    return async () => {
      await stopS3(server)
      stack.remove()
    }
  } catch (error) {
    stack.remove()
    throw error
  }
}
