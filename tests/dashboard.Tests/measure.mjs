// What the page costs in Chromium, against the built service: node measure.mjs. Times of the processor where it says so, which other work on
// the machine does not lengthen much. Without real-time priority: a browser that spins with it stops all else.
import {mkdtemp, rm} from 'node:fs/promises';
import {loadavg, tmpdir} from 'node:os';
import {join} from 'node:path';
import {launch, patience} from './browser.mjs';
import {Service} from './service.mjs';

const loads = 9;

/** Without vector instructions the engine is so slow that a stream of the founding scenario lasts: the same bits, told later. */
const slowed = {DOTNET_EnableHWIntrinsic: '0'};

/** Hundreds of arrivals in a future: what the page has to read and draw for sample futures is fifty times as much. */
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

/** What a browser does to draw what a script has changed, as its traces name it. */
const drawing = ['UpdateLayoutTree', 'Layout', 'PrePaint', 'Paint', 'Layerize', 'Commit'];

/** What the page's own thread takes of the processor from now on, in milliseconds: in all, for script, and for drawing. */
async function clocked(browser, page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', {timeDomain: 'threadTicks'});
  const read = async () => Object.fromEntries((await session.send('Performance.getMetrics')).metrics.map(({name, value}) => [name, 1000 * value]));
  await browser.startTracing(page, {categories: ['-*', 'devtools.timeline']});
  const before = await read();
  return async () => {
    const after = await read();
    const {traceEvents} = JSON.parse(await browser.stopTracing());
    return {
      all: after.TaskDuration - before.TaskDuration,
      script: after.ScriptDuration - before.ScriptDuration,
      drawing: drawing.reduce((sum, name) => sum + tookOf(traceEvents, name), 0),
    };
  };
}

/** The time of one kind, of which parts may lie within each other. */
function tookOf(events, kind) {
  let [took, end] = [0, 0];
  for (const {ts, dur, tdur} of events.filter(({name, ph}) => name === kind && ph === 'X').sort((a, b) => a.ts - b.ts)) {
    if (ts >= end) {
      took += (tdur ?? dur) / 1000;
      end = ts + dur;
    }
  }
  return took;
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

/**
 * The streams of a scenario with one gap between arrivals after another, each from its second snapshot to its end. What waits for these must
 * not itself take of the page's time.
 */
async function measureSnapshots(browser, page, what, address, gaps) {
  await page.goto(address);
  await done(page);
  await page.evaluate(() => {
    const standing = document.querySelector('.standing');
    const waiting = [];
    let seen = new Set();
    new MutationObserver(() => {
      const text = standing.textContent;
      if (/ of /.test(text)) seen.add(text);
      const isDone = seen.size > 0 && text.endsWith('paths, done');
      for (const {wanted, resolve} of waiting) {
        if (seen.size >= wanted || isDone) resolve(seen.size);
      }
      if (isDone) seen = new Set();
    }).observe(standing, {subtree: true, childList: true, characterData: true});
    globalThis.snapshots = (wanted) => new Promise((resolve) => waiting.push({wanted, resolve}));
  });
  const took = [];
  for (const gap of gaps) {
    const second = page.evaluate(() => globalThis.snapshots(2));
    const all = page.evaluate(() => globalThis.snapshots(Infinity));
    const field = page.getByRole('textbox', {name: 'Gap between arrivals, as a text'});
    await field.fill(gap);
    await field.press('Enter');
    const from = await second;
    const end = await clocked(browser, page);
    // The last one says that all is done, and is none of those counted.
    took.push({snapshots: await all - from + 1, ...await end()});
  }
  const snapshots = took.reduce((sum, round) => sum + round.snapshots, 0);
  const each = (part) => ms(took.reduce((sum, round) => sum + round[part], 0) / snapshots);
  console.log(`a snapshot ${what}, of the processor: script ${each('script')}, drawing ${each('drawing')}, all ${each('all')} (means of ${snapshots})`);
}

const folder = await mkdtemp(join(tmpdir(), 'scenarios-measure-'));
const browser = await launch();
let service;
try {
  const context = await browser.newContext({viewport: {width: 1440, height: 900}, locale: 'en-GB', timezoneId: 'UTC'});
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const serve = async (environment) => {
    await service?.end();
    service = await Service.start(folder, ['--Engine:Threads=1'], environment);
    // A service and a browser that have just started take their time.
    await page.goto(service.address);
    await done(page);
  };
  await serve({});
  await measureLoads(page, service.address);
  await service.create('lasting', lasting);
  await measureSnapshots(browser, page, 'of many arrivals', `${service.address}/?scenario=lasting`, [1, 2, 3, 4, 5].map((end) => `gamma(0.5 to 3.${end})`));
  await serve(slowed);
  await measureSnapshots(browser, page, 'of the founding scenario', service.address, [160, 165, 170, 175, 180, 185, 190, 195, 200].map((end) => `60 to ${end}`));
  console.log(`load ${loadavg()[0].toFixed(0)}`);
} finally {
  await browser.close();
  await service?.end();
  await rm(folder, {recursive: true, force: true});
}
