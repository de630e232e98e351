import {spawn} from 'node:child_process';
import {createHmac, randomBytes} from 'node:crypto';
import {createServer} from 'node:net';
import {join} from 'node:path';
import {createInterface} from 'node:readline';

const program = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../../src/Scenarios.Service/bin/Release/net10.0/Scenarios.Service.dll');

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const {port} = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The built service as a process of its own, which can be ended and started again at the same address and over the same storage. */
export class Service {
  #child = null;
  #dense = 0;

  constructor(http, grpc, storage, settings, environment) {
    this.settings = settings;
    this.environment = environment;
    this.address = `http://127.0.0.1:${http}`;
    this.grpc = `http://127.0.0.1:${grpc}`;
    this.storage = storage;
  }

  static async start(folder, settings = [], environment = {}) {
    const service = new Service(await freePort(), await freePort(), join(folder, 'scenarios.db'), settings, environment);
    await service.start();
    return service;
  }

  async start() {
    const child = spawn('dotnet', [
      program, `--Kestrel:Endpoints:Grpc:Url=${this.grpc}`, `--Kestrel:Endpoints:Http:Url=${this.address}`, `--Storage:Path=${this.storage}`,
      ...this.settings,
    ], {stdio: ['ignore', 'pipe', 'inherit'], env: {...process.env, ...this.environment}});
    this.#child = child;
    await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`the service ended with ${code} before it listened`)));
      createInterface({input: child.stdout}).on('line', (line) => line.includes('Application started') && resolve());
    });
  }

  /** Ends it: asked to (SIGTERM), or at once as a crash does (SIGKILL). */
  async end(signal = 'SIGTERM') {
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGCONT');
      child.kill(signal);
      await ended;
    }
  }

  /** Holds it as it is, so that a page can be looked at in the midst of a stream. */
  hold() {
    this.#child.kill('SIGSTOP');
  }

  goOn() {
    this.#child.kill('SIGCONT');
  }

  /** Asks by JSON; the answer as it came. */
  async ask(method, path, body) {
    const response = await fetch(this.address + path, {
      method,
      headers: body === undefined ? {} : {'content-type': 'application/json'},
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return {ok: response.ok, body: await response.json()};
  }

  /** Asks by JSON, and takes no refusal. */
  async get(path) {
    return accepted(path, await this.ask('GET', path));
  }

  async create(id, scenario) {
    return accepted(id, await this.ask('POST', `/v1/scenarios?scenario_id=${id}`, scenario));
  }

  /**
   * Address of a scenario with hundreds of arrivals in a future, which takes long enough to be watched and interrupted: a new one each
   * time, for the service keeps what it has computed.
   */
  async dense() {
    const id = `dense-${++this.#dense}`;
    await this.create(id, {
      display_name: 'Arrivals every day',
      noun: 'parcels',
      verb: 'sent',
      start_date: {year: 2025, month: 1, day: 1},
      horizon_days: 1460,
      step_days: 14,
      thresholds: [700_000],
      assumptions: {
        initial_count: {distribution: {text: `${400 + this.#dense}`}},
        rotation_interval_days: {distribution: {text: 'gamma(0.5 to 1.5)'}},
        batch_size: {distribution: {text: 'pert(100, 400, 1200)'}},
        cap: {distribution: {text: '800000'}},
        rotation_mode: 'RELIEVE',
      },
    });
    return `${this.address}/?scenario=${id}`;
  }
}

const issuer = 'https://issuer.example';
const audience = 'https://scenarios.example';
const bearer = '--Authentication:Schemes:Bearer:';

/** Makes tokens as `dotnet user-jwts` does: HMAC-SHA256 with a key that the service has in its configuration. */
export class TokenIssuer {
  #key = randomBytes(32);

  /** What makes a service trust this issuer, and nobody without a token. */
  get settings() {
    return [
      `${bearer}ValidIssuer=${issuer}`, `${bearer}ValidAudiences:0=${audience}`,
      `${bearer}SigningKeys:0:Issuer=${issuer}`, `${bearer}SigningKeys:0:Value=${this.#key.toString('base64')}`,
    ];
  }

  /** A token that is good for ten minutes. */
  token() {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const now = Math.floor(Date.now() / 1000);
    const signed = `${part({alg: 'HS256', typ: 'JWT'})}.${part({
      iss: issuer, aud: audience, sub: 'ada', scope: 'projections.run scenarios.read', nbf: now - 10, exp: now + 600,
    })}`;
    return `${signed}.${createHmac('sha256', this.#key).update(signed).digest('base64url')}`;
  }
}

function accepted(what, {ok, body}) {
  if (!ok) throw new Error(`${what}: ${JSON.stringify(body)}`);
  return body;
}
