/**
 * The way of the data, as rules: imports run one way. Each rule says why it is there.
 * @type {import('dependency-cruiser').IConfiguration}
 */
const stages = ['parse', 'attribute', 'identify', 'observe', 'declare', 'locate', 'judge', 'report']

module.exports = {
  forbidden: [
    ...stages.map((stage) => ({
      name: `${stage}-knows-only-its-own`,
      comment: `A stage is replaced and tested alone: ${stage}/ may import model, errors, net/ and its own folder. What two stages share is a noun in model.ts.`,
      severity: 'error',
      from: { path: `^functions/${stage}/` },
      to: { path: '^functions/', pathNot: `^functions/(model\\.ts|errors\\.ts|net/|${stage}/)` },
    })),
    {
      name: 'nouns-know-nobody',
      comment:
        'model.ts and errors.ts are the glossary that everything stands on; a glossary that imports makes circles.',
      severity: 'error',
      from: { path: '^functions/(model|errors)\\.ts$' },
      to: { path: '^functions/', pathNot: '^functions/(model|errors)\\.ts$' },
    },
    {
      name: 'net-stands-below-the-stages',
      comment: 'Addresses, prefixes and host names are used by every stage, so they may know none of them.',
      severity: 'error',
      from: { path: '^functions/net/' },
      to: { path: '^functions/', pathNot: '^functions/(model\\.ts|errors\\.ts|net/)' },
    },
    {
      name: 'store-knows-bytes-only',
      comment: 'A store keeps bytes under keys; what they mean is decided elsewhere.',
      severity: 'error',
      from: { path: '^functions/store/' },
      to: { path: '^functions/', pathNot: '^functions/(model\\.ts|errors\\.ts|store/)' },
    },
    {
      name: 'seeds-know-only-how-values-are-written',
      comment:
        'seeds/ keeps what is looked for, and identify/ looks for it. What they share is how a value is written: were commitments made of other forms than are looked for, the two could contradict each other.',
      severity: 'error',
      from: { path: '^functions/seeds/' },
      to: {
        path: '^functions/',
        pathNot: '^functions/(model\\.ts|errors\\.ts|net/|seeds/|identify/(normal-forms|luhn)\\.ts)',
      },
    },
    {
      name: 'main-flow-below-the-edges',
      comment: 'audit.ts joins the stages and is called by the edges (cli/, lambda/); it must not know who calls.',
      severity: 'error',
      from: { path: '^functions/audit\\.ts$' },
      to: { path: '^functions/(cli|lambda|reference|store)/' },
    },
    {
      name: 'reference-joins-stores-and-locating',
      comment:
        'Reference data is opened in the same way for a command and for a function of the cloud, so it may know neither, and no stage but the one that locates.',
      severity: 'error',
      from: { path: '^functions/reference/' },
      to: { path: '^functions/', pathNot: '^functions/(model\\.ts|errors\\.ts|net/|locate/|store/|reference/)' },
    },
    {
      name: 'rig-stands-beside-the-stages',
      comment:
        'The rig records what an audit reads later, by files alone: it runs where no audit does, and may know what a session and a protocol are, and where they are put.',
      severity: 'error',
      from: { path: '^functions/rig/' },
      to: { path: '^functions/', pathNot: '^functions/(model\\.ts|errors\\.ts|net/|declare/|store/|rig/)' },
    },
    {
      name: 'only-commands-know-the-rig',
      comment: 'The rig starts processes, asks people and waits: nothing that judges may come near it.',
      severity: 'error',
      from: { path: '^functions/', pathNot: '^functions/(cli|rig)/' },
      to: { path: '^functions/rig/' },
    },
    {
      name: 'cloud-knows-no-command',
      comment: 'A function of the cloud has no terminal: what it shares with a command belongs below both.',
      severity: 'error',
      from: { path: '^functions/lambda/' },
      to: { path: '^functions/cli/' },
    },
    {
      name: 'nobody-knows-the-cloud',
      comment:
        'Handlers are called by AWS and by nothing else. Infrastructure reads the names of their variables and metrics, so that each exists once.',
      severity: 'error',
      from: { path: '^(functions|infra)/', pathNot: '^functions/lambda/' },
      to: { path: '^functions/lambda/', pathNot: '^functions/lambda/(environment|metrics)\\.ts$' },
    },
    {
      name: 'aws-behind-the-edges',
      comment:
        "Stages and commands do not depend on a vendor's client: store/ speaks to S3 and KMS, and lambda/ lives there.",
      severity: 'error',
      from: {
        path: '^functions/',
        pathNot: '^functions/(store/(s3|kms)-|lambda/|cli/s3-places\\.ts$|cli/deployment/)',
      },
      to: { path: '^node_modules/@aws-' },
    },
    {
      name: 'aws-only-when-asked-for',
      comment:
        "AWS's client takes longer to load than most commands to run: commands load what needs it by import() when an s3:// path or a key of KMS is used.",
      severity: 'error',
      from: { path: '^functions/cli/', pathNot: '^functions/cli/(s3-places\\.ts$|deployment/)' },
      to: { path: '^functions/(store/(s3|kms)-|cli/s3-places\\.ts$|cli/deployment/)', dynamic: false },
    },
    {
      name: 'stages-are-pure',
      comment:
        'A stage takes values and returns values, so that the same evidence always gives the same verdict: no disk, network, processes or clock of the system.',
      severity: 'error',
      from: { path: `^functions/(${stages.join('|')}|net|seeds)/` },
      to: {
        path: '^(node:)?(fs|fs/promises|net|http|https|http2|dns|dgram|tls|os|child_process|worker_threads|process|timers|timers/promises|perf_hooks)$',
      },
    },
    {
      name: 'no-circles',
      comment: 'Two modules that need each other are one module, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-test-code-in-the-program',
      comment: 'What runs in production must not need what is only installed for development.',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^(test|bench|examples)/' },
    },
    {
      name: 'no-development-packages-in-the-program',
      comment: 'A package that is only a devDependency is not there where the program runs.',
      severity: 'error',
      from: { path: '^functions/' },
      // Types are gone before anything runs.
      to: { dependencyTypes: ['npm-dev'], pathNot: '^node_modules/@types/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    moduleSystems: ['es6'],
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
}
