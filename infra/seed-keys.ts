/**
 * The keys of what is planted on devices: each lies encrypted in the reference bucket, and ingest alone has it decrypted, for nothing
 * else. Ingest stands in the closed network, so that KMS needs an endpoint there, paid by the hour: hence only where it is asked for.
 */
import { RemovalPolicy } from 'aws-cdk-lib'
import { Key } from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'
import { SEED_KEYS_BUCKET } from '../functions/lambda/environment.ts'
import { SEED_KEY_CONTEXT, SEED_KEYS } from '../functions/store/seed-key-place.ts'
import type { Store } from './bucket.ts'
import type { ClosedNetwork } from './closed-network.ts'
import type { Handler } from './handler.ts'
import { allow, type Conditions } from './permission.ts'
import type { Settings } from './settings.ts'

export interface SeedKeysProps {
  readonly settings: Settings
  readonly ingest: Handler
  readonly reference: Store
  readonly network: ClosedNetwork
}

/** What comes with every request: this encryption context, and nothing beside it. */
const forSeedKeys: Conditions = {
  StringEquals: Object.fromEntries(
    Object.entries(SEED_KEY_CONTEXT).map(([name, value]) => [`kms:EncryptionContext:${name}`, value]),
  ),
  'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': Object.keys(SEED_KEY_CONTEXT) },
}

export class SeedKeys extends Construct {
  /** Encrypts seed keys: `domicile rig key --kms`. */
  readonly key: Key

  constructor(scope: Construct, id: string, { settings, ingest, reference, network }: SeedKeysProps) {
    super(scope, id)
    this.key = new Key(this, 'Key', {
      alias: `domicile-${settings.stage}-seeds`,
      description: 'Encrypts the keys of what is planted on devices',
      enableKeyRotation: true,
      // With it goes whatever was planted: no envelope could be opened again.
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const role = ingest.ownRole
    ingest.addEnvironment(SEED_KEYS_BUCKET, reference.bucketName)
    reference.letRead(role, [`${SEED_KEYS}*`], 'ingest reads the encrypted seed key that a session names')
    reference.letList(role, 'ingest tells a seed key that is missing from one it may not read')
    const decrypts = { actions: ['kms:Decrypt'], resources: [this.key.keyArn], conditions: forSeedKeys }
    allow(role, { because: 'Ingest opens seed keys, and nothing else that this key has encrypted.', ...decrypts })
    network.openToKms(decrypts)
  }
}
