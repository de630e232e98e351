// What the page costs in Chromium, against the built service: node measure.mjs. Times of the processor where it says so, which other work on
// the machine does not lengthen much. Without real-time priority: a browser that spins with it stops all else.
import {mkdtemp, rm} from 'node:fs/promises';
import {loadavg, tmpdir} from 'node:os';
import {join} from 'node:path';
import {launch, patience} from './browser.mjs';
import {Service} from './service.mjs';

const loads = 9;
const edits = 12;

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

/** A page with nothing in the browser's cache, and nothing in it that watches it. */
async function visiting(browser, body) {
  const context = await browser.newContext({viewport: {width: 1440, height: 900}, locale: 'en-GB', timezoneId: 'UTC'});
  context.setDefaultTimeout(patience);
  try {
    await body(await context.newPage());
  } finally {
    await context.close();
  }
}

const done = (page) => page.waitForFunction(() => document.querySelector('.standing')?.textContent.endsWith('paths, done'));

async function measureLoads(browser, address) {
  const paint = [];
  for (let load = 0; load < loads; load++) {
    await visiting(browser, async (page) => {
      await page.goto(address);
      await done(page);
      paint.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime));
    });
  }
  console.log(`first paint, by the clock: median ${ms(median(paint))}, fastest ${ms(Math.min(...paint))}, slowest ${ms(Math.max(...paint))} (${loads} loads)`);
}

/** The founding scenario's streams for one edit after another; the edits, and what the events would change each time, are in it. */
async function measureSnapshots(browser, address) {
  await visiting(browser, async (page) => {
    await page.goto(address);
    await done(page);
    await page.evaluate(() => {
      globalThis.snapshots = 0;
      new MutationObserver(() => { globalThis.snapshots++; }).observe(document.querySelector('.standing'), {subtree: true, childList: true, characterData: true});
    });
    const field = page.getByRole('textbox', {name: 'Gap between arrivals, as a text'});
    const end = await clocked(page);
    for (let edit = 1; edit <= edits; edit++) {
      await field.fill(`60 to ${150 + edit}`);
      await field.press('Enter');
      await page.waitForFunction((text) => location.hash.includes(text), String(150 + edit));
      await done(page);
    }
    const snapshots = await page.evaluate(() => globalThis.snapshots);
    const took = await end();
    const each = (part) => ms(took[part] / snapshots);
    console.log(`a snapshot, of the processor: ${each('all')}; of that script ${each('script')}, style and layout ${each('layout')} (means of ${snapshots})`);
  });
}

const folder = await mkdtemp(join(tmpdir(), 'scenarios-measure-'));
const service = await Service.start(folder);
const browser = await launch();
try {
  // A service and a browser that have just started take their time.
  await visiting(browser, async (page) => {
    await page.goto(service.address);
    await done(page);
  });
  await measureLoads(browser, service.address);
  await measureSnapshots(browser, service.address);
  console.log(`load ${loadavg()[0].toFixed(0)}`);
} finally {
  await browser.close();
  await service.end();
  await rm(folder, {recursive: true, force: true});
}
