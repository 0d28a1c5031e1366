/**
 * `npm run cloud [FOLDER]`: the synthesised stack on this machine until Ctrl-C. With a campaign's folder it is uploaded, ingested
 * and audited first; what can be done with it then is printed.
 */
import { readdirSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { openByHand } from './by-hand.ts'
import { Cloud } from './cloud.ts'
import { startS3, stopS3 } from './servers/ceph.ts'
import { synthesise } from './template/synthesise.ts'
import { readTemplate } from './template/template.ts'
import { awaitIngest, prepareCampaign, put, sessionUploads } from './tests/support/campaign.ts'

/** npm runs this in its own folder; paths mean the folder where the command was typed. */
const given = process.argv[2]
const folder = given === undefined ? null : resolve(process.env.INIT_CWD ?? '.', given)
const campaign = folder === null ? 'campaign' : basename(folder)

const interrupted = new Promise<void>((resolve) => {
  process.once('SIGINT', resolve)
  process.once('SIGTERM', resolve)
})

const stack = synthesise({
  rigs: [{ id: 'rig-by-hand', prefixes: [`${campaign}/by-hand`] }],
  audits: [{ campaign, schedule: 'cron(0 6 * * ? *)' }],
  seedKeys: true,
})
const server = await startS3()
const cloud = await Cloud.start(readTemplate(stack.template), server)
try {
  if (folder !== null) await auditFolder(folder)
  const byHand = await openByHand(cloud, campaign)
  console.log(byHand.instructions)
  await interrupted
  await byHand.close()
} finally {
  await cloud.stop()
  await stopS3(server)
  stack.remove()
}

async function auditFolder(path: string): Promise<void> {
  await prepareCampaign(cloud, path, campaign)
  const sessions = readdirSync(path).filter((name) =>
    statSync(join(path, name, 'session.yaml'), { throwIfNoEntry: false }),
  )
  for (const name of sessions)
    for (const upload of sessionUploads(join(path, name), `intake/${campaign}/${name}/`, Math.random))
      await put(cloud.s3, cloud.output('IntakeBucket'), upload)
  console.log(`uploaded ${sessions.length} sessions of ${campaign}; ingesting`)
  await awaitIngest(cloud, 600_000)
  const { output, error } = await cloud.runSchedule(campaign, new Date())
  console.log(error ?? `audited: ${JSON.stringify(output)}`)
}
