// Keeps a page streaming, projection after projection, and says how large its heap is and how many nodes it has: npm run soak -- MINUTES
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {launch, patience} from './browser.mjs';
import {Service} from './service.mjs';

const minutes = Number(process.argv[2]);
if (!(minutes > 0)) {
  console.error('npm run soak -- MINUTES');
  process.exit(2);
}

/** What may be there at the end for each that was there once the page had warmed up. */
const most = {heap: 1.25, nodes: 1.05, listeners: 1.1};

const folder = await mkdtemp(join(tmpdir(), 'scenarios-soak-'));
const service = await Service.start(folder);
const browser = await launch();
try {
  const page = await (await browser.newContext({viewport: {width: 1440, height: 900}})).newPage();
  await page.addInitScript(() => {
    globalThis.snapshots = 0;
    let last = '';
    new MutationObserver(() => {
      const standing = document.querySelector('.standing')?.textContent;
      if (standing !== last && / of |, done/.test(standing)) globalThis.snapshots++;
      last = standing;
    }).observe(document, {subtree: true, childList: true, characterData: true});
  });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');

  /** After what nobody holds any more is gone. */
  async function measured() {
    await devtools.send('HeapProfiler.collectGarbage');
    const {metrics} = await devtools.send('Performance.getMetrics');
    const figure = (name) => metrics.find((metric) => metric.name === name).value;
    return {heap: figure('JSHeapUsedSize'), nodes: figure('Nodes'), listeners: figure('JSEventListeners')};
  }

  await page.goto(service.address, {timeout: patience});
  const isDone = () => page.waitForFunction(() => document.querySelector('header')?.innerText.includes('paths, done')
    && !document.querySelector('.stale'), null, {timeout: patience});
  await isDone();
  const [lower, upper] = [page.getByRole('slider', {name: /^Lower end of 90/}), page.getByRole('slider', {name: /^Upper end of 90/})];
  const began = Date.now();
  const elapsed = () => (Date.now() - began) / 60_000;
  const rows = [];
  console.log('minutes  projections  snapshots  heap, MB  nodes  listeners');
  for (let projections = 1; rows.length < 2 || elapsed() < minutes; projections++) {
    // Each another question, for the service keeps what it has computed; and not by typing, of which the browser itself keeps each step.
    const old = await page.getByRole('link', {name: /projections\//}).getAttribute('href');
    await (projections % 100 === 0 ? lower : upper).press(projections % 200 < 100 || projections % 100 === 0 ? 'ArrowRight' : 'ArrowLeft');
    await page.waitForFunction((before) => document.querySelector('.precision a')?.getAttribute('href') !== before, old, {timeout: patience});
    await isDone();
    if (elapsed() >= (rows.length * minutes) / 20) {
      const now = {minutes: elapsed(), projections, snapshots: await page.evaluate(() => globalThis.snapshots), ...await measured()};
      rows.push(now);
      console.log([now.minutes.toFixed(1).padStart(7), String(projections).padStart(11), String(now.snapshots).padStart(9),
        (now.heap / 2 ** 20).toFixed(1).padStart(8), String(now.nodes).padStart(5), String(now.listeners).padStart(9)].join('  '));
    }
  }

  // What is told and drawn is all there after the first of them: from then on nothing may grow.
  const [first, last] = [rows[Math.min(2, rows.length - 2)], rows.at(-1)];
  const grown = Object.entries(most).filter(([name, factor]) => last[name] > first[name] * factor).map(([name]) => name);
  console.log(grown.length === 0 ? 'no growth' : `GREW: ${grown.join(', ')}`);
  process.exitCode = grown.length === 0 ? 0 : 1;
} finally {
  await browser.close();
  await service.end();
  await rm(folder, {recursive: true, force: true});
}
