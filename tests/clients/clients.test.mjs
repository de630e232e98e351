// gRPC clients of other ecosystems against the real service: the same request, the same answer, progressively, and the same
// errors at their fields. Run by tests/run.sh; by hand, after a Release build: npm ci && npm test
import assert from 'node:assert/strict';
import {execFile, spawn} from 'node:child_process';
import {mkdtemp, rm} from 'node:fs/promises';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {after, before, describe, test} from 'node:test';
import {promisify} from 'node:util';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';
import protobuf from 'protobufjs';

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const protos = join(here, '../../protos');
const service = join(here, '../../src/Scenarios.Service/bin/Release/net10.0/Scenarios.Service.dll');
const buf = join(here, 'node_modules/@bufbuild/buf-linux-x64/bin/buf');
const timeout = 120_000;
const request = {scenarioName: 'scenarios/dprk-rotation', paths: '2000000', updateInterval: '0.02s', samplePathCount: 3};
const malformed = {scenarioName: 'scenarios/dprk-rotation', paths: '-1', quantileLevels: [0.5, 0.2]};
const violations = ['paths', 'quantile_levels[1]'];

let child, target, http, image, scratch;

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const {port} = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function run(command, ...args) {
  const {stdout} = await promisify(execFile)(command, args, {cwd: protos, timeout, maxBuffer: 64 << 20});
  return stdout;
}

/** The values of a stream of JSON documents, however they are spaced. */
function documents(text) {
  const found = [];
  let depth = 0, from = 0, inString = false;
  for (let i = 0; i < text.length; i++) {
    if (inString) {
      if (text[i] === '\\') i++;
      else if (text[i] === '"') inString = false;
    } else if (text[i] === '"') inString = true;
    else if (text[i] === '{' && depth++ === 0) from = i;
    else if (text[i] === '}' && --depth === 0) found.push(JSON.parse(text.slice(from, i + 1)));
  }
  return found;
}

function assertSharpening(snapshots) {
  assert.equal(snapshots[0], 1000, 'the first snapshot is of 1,000 paths');
  assert.equal(snapshots.at(-1), 2_000_000);
  assert.ok(snapshots.length >= 2, `a stream, not one answer: ${snapshots}`);
  assert.deepEqual(snapshots, [...new Set(snapshots)].sort((a, b) => a - b), 'snapshots grow');
}

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'scenarios-clients-'));
  image = join(scratch, 'image.binpb');
  await run(buf, 'build', '-o', image);
  target = `127.0.0.1:${await freePort()}`;
  http = `http://127.0.0.1:${await freePort()}`;
  child = spawn('dotnet', [service, `--Kestrel:Endpoints:Grpc:Url=http://${target}`, `--Kestrel:Endpoints:Http:Url=${http}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}`)));
    createInterface({input: child.stdout}).on('line', (line) => line.includes('Application started') && resolve());
  });
}, {timeout});

after(async () => {
  if (child && child.exitCode === null) {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
  }
  await rm(scratch, {recursive: true, force: true});
}, {timeout});

describe('Clients of other ecosystems', {timeout}, () => {
  let reference;

  const client = () => {
    const options = {includeDirs: [protos, join(protos, 'third_party')], longs: String, enums: String};
    const {scenarios} = grpc.loadPackageDefinition(loader.loadSync('scenarios/v1/projection_service.proto', options));
    return new scenarios.v1.ProjectionService(target, grpc.credentials.createInsecure());
  };

  async function projectInNode(ask) {
    const connection = client();
    try {
      const answers = [];
      for await (const answer of connection.Project(ask, {deadline: Date.now() + timeout})) answers.push(JSON.parse(JSON.stringify(answer)));
      return answers;
    } finally {
      connection.close();
    }
  }

  before(async () => {
    const wire = {...request, updateInterval: {nanos: 20_000_000}};
    const answers = await projectInNode(wire);
    assertSharpening(answers.map((answer) => Number(answer.projection.paths)));
    reference = answers.at(-1);
  });

  test('Node, grpc-js: the stream sharpens and ends complete', () => {
    assert.equal(reference.progress.state, 'COMPLETED');
    assert.match(reference.projection.name, /^projections\/[a-z2-7]{32}$/);
    assert.equal(reference.projection.samplePaths.length, 3);
  });

  test('Node, grpc-js: every violation comes at its field', async () => {
    const error = await projectInNode(malformed).then(() => assert.fail('refused'), (caught) => caught);
    assert.equal(error.code, grpc.status.INVALID_ARGUMENT);
    const root = new protobuf.Root();
    root.resolvePath = (_, path) => join(protos, path.startsWith('google/') ? 'third_party' : '.', path);
    await root.load(['google/rpc/status.proto', 'google/rpc/error_details.proto']);
    const {details} = root.lookupType('google.rpc.Status').decode(error.metadata.get('grpc-status-details-bin')[0]);
    const badRequest = details.find((detail) => detail.type_url.endsWith('/google.rpc.BadRequest'));
    const fields = root.lookupType('google.rpc.BadRequest').decode(badRequest.value).fieldViolations.map((v) => v.field);
    assert.deepEqual(fields, violations);
  });

  test('Python, grpcio: the same answer to the bit', async () => {
    const answer = JSON.parse(await run('/usr/bin/python3', join(here, 'project.py'), image, target, JSON.stringify(request)));
    assert.equal(answer.snapshots.at(-1), 2_000_000);
    assert.deepEqual(answer.last.projection, reference.projection);
  });

  test('Python, grpcio: every violation comes at its field', async () => {
    const answer = JSON.parse(await run('/usr/bin/python3', join(here, 'project.py'), image, target, JSON.stringify(malformed)));
    assert.deepEqual(answer.error, {code: 'INVALID_ARGUMENT', violations});
  });

  test('buf curl, gRPC by reflection: the same answer to the bit', async () => {
    const answers = documents(await run(buf, 'curl', '--protocol', 'grpc', '--http2-prior-knowledge', '-d', JSON.stringify(request),
      `http://${target}/scenarios.v1.ProjectionService/Project`));
    assert.deepEqual(answers.at(-1).projection, reference.projection);
  });

  test('buf curl, gRPC-Web: the same answer to the bit', async () => {
    const answers = documents(await run(buf, 'curl', '--protocol', 'grpcweb', '--schema', '.', '-d', JSON.stringify(request),
      `${http}/scenarios.v1.ProjectionService/Project`));
    assert.deepEqual(answers.at(-1).projection, reference.projection);
  });

  test('JSON over HTTP: newline-delimited, the same figures', async () => {
    const response = await fetch(`${http}/v1/projections:project`, {
      method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify(request), signal: AbortSignal.timeout(timeout),
    });
    assert.equal(response.status, 200);
    const lines = (await response.text()).trim().split('\n').map((line) => JSON.parse(line));
    const {name, headline, points} = lines.at(-1).projection;
    assert.deepEqual({name, headline}, {name: reference.projection.name, headline: reference.projection.headline});
    assert.deepEqual(points.map((p) => p.cumulative.mean), reference.projection.points.map((p) => p.cumulative.mean));
  });
});
