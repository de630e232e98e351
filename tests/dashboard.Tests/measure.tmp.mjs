// What the page costs in Chromium, against the built service: node measure.mjs. Times of the processor where it says so, which other work on
// the machine does not lengthen much. Without real-time priority: a browser that spins with it stops all else.
import {mkdtemp, rm} from 'node:fs/promises';
import {loadavg, tmpdir} from 'node:os';
import {join} from 'node:path';
import {launch, patience} from './browser.mjs';
import {Service} from './service.mjs';

const loads = 9;
const rounds = 2;

/** As many points, thresholds and events as the founding scenario, and so many arrivals that a stream lasts. */
const lasting = {
  display_name: 'Many arrivals',
  start_date: {year: 2025, month: 1, day: 1},
  horizon_days: 730,
  step_days: 7,
  thresholds: [500_000],
  assumptions: {
    initial_count: {distribution: {text: '15000'}},
    rotation_interval_days: {distribution: {text: 'gamma(0.5 to 3)'}},
    batch_size: {distribution: {text: 'pert(400, 1000, 1500)'}},
    cap: {distribution: {text: '1000000'}},
  },
};

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const ms = (value) => `${value.toFixed(1)} ms`;

/** What the page's own thread has taken of the processor from now on, in milliseconds: of all tasks, of script, and of style and layout. */
async function clocked(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', {timeDomain: 'threadTicks'});
  const read = async () => Object.fromEntries((await session.send('Performance.getMetrics')).metrics.map(({name, value}) => [name, 1000 * value]));
  const before = await read();
  return async () => {
    const after = await read();
    const took = (...names) => names.reduce((sum, name) => sum + after[name] - before[name], 0);
    return {all: took('TaskDuration'), script: took('ScriptDuration'), layout: took('LayoutDuration', 'RecalcStyleDuration')};
  };
}

const done = (page) => page.waitForFunction(() => document.querySelector('.standing')?.textContent.endsWith('paths, done'));

/** With nothing in the browser's cache, in a window that is there already: to open one takes Chromium longer than the page. */
async function measureLoads(page, address) {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', {cacheDisabled: true});
  const paint = [];
  for (let load = 0; load < loads; load++) {
    await page.goto('about:blank');
    await page.goto(address);
    await done(page);
    paint.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime));
  }
  console.log(`first paint, by the clock: median ${ms(median(paint))}, fastest ${ms(Math.min(...paint))}, slowest ${ms(Math.max(...paint))} (${loads} loads)`);
  await session.detach();
}

/** A stream, from its second snapshot to its last but one. What waits for these must not itself take of the page's time. */
async function measureSnapshots(page, address) {
  const took = [];
  for (let round = 0; round < rounds; round++) {
    await page.goto('about:blank');
    await page.goto(`${address}/?scenario=lasting`);
    await done(page);
    const nth = (wanted) => page.evaluate((count) => new Promise((resolve) => {
      globalThis.texts ??= new Set();
      new MutationObserver((_, observer) => {
        const text = document.querySelector('.standing').textContent;
        if (/ of /.test(text)) globalThis.texts.add(text);
        if (globalThis.texts.size >= count || text.endsWith('paths, done') && globalThis.texts.size > 0) {
          observer.disconnect();
          resolve(globalThis.texts.size);
        }
      }).observe(document.querySelector('.standing'), {subtree: true, childList: true, characterData: true});
    }), wanted);
    const second = nth(2);
    const field = page.getByRole('textbox', {name: 'Gap between arrivals, as a text'});
    await field.fill(`gamma(0.5 to 3.${round + 1})`);
    await field.press('Enter');
    const from = await second;
    const prof = await page.context().newCDPSession(page); await prof.send('Profiler.enable'); await prof.send('Profiler.setSamplingInterval',{interval:200}); await prof.send('Profiler.start'); const end = await clocked(page);
    const until = await nth(12);
    took.push({snapshots: until - from, ...await end()});
    const {profile} = await prof.send('Profiler.stop'); const self = new Map(); const byId = new Map(profile.nodes.map((n) => [n.id, n]));
    profile.samples.forEach((id, i) => { const f = byId.get(id).callFrame; const k = f.functionName + ' @' + f.url.split('/').pop() + ':' + f.lineNumber + ':' + f.columnNumber; self.set(k, (self.get(k) ?? 0) + profile.timeDeltas[i] / 1000); });
    console.log('snapshots', until - from); for (const [k, v] of [...self].sort((a, b) => b[1] - a[1]).slice(0, 22)) console.log('  ', (v / (until - from)).toFixed(2), k);
  }
  const snapshots = took.reduce((sum, round) => sum + round.snapshots, 0);
  const each = (part) => ms(took.reduce((sum, round) => sum + round[part], 0) / snapshots);
  console.log(`a snapshot, of the processor: ${each('all')}; of that script ${each('script')}, style and layout ${each('layout')} (means of ${snapshots})`);
}

const folder = await mkdtemp(join(tmpdir(), 'scenarios-measure-'));
const service = await Service.start(folder);
const browser = await launch();
try {
  const context = await browser.newContext({viewport: {width: 1440, height: 900}, locale: 'en-GB', timezoneId: 'UTC'});
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  // A service and a browser that have just started take their time.
  await page.goto(service.address);
  await done(page);
  await service.create('lasting', lasting);
  await measureSnapshots(page, service.address);
  console.log(`load ${loadavg()[0].toFixed(0)}`);
} finally {
  await browser.close();
  await service.end();
  await rm(folder, {recursive: true, force: true});
}
