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
  // All that waits is in the page from the start: what a driver sends anew for each projection, the browser compiles and keeps.
  await page.addInitScript(() => {
    globalThis.snapshots = 0;
    let last = '';
    const watch = (look) => {
      const observer = new MutationObserver(look);
      observer.observe(document, {subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['class', 'href']});
      return observer;
    };
    const standing = () => document.querySelector('.standing')?.textContent ?? '';
    watch(() => {
      if (standing() !== last && / of |, done/.test(standing())) globalThis.snapshots++;
      last = standing();
    });
    /** The name of the projection on the page, once that is done and another than the one before. */
    globalThis.nextDone = (before) => new Promise((resolve) => {
      const look = () => {
        const name = document.querySelector('.precision a')?.getAttribute('href');
        if (name && name !== before && standing().endsWith('paths, done') && !document.querySelector('.stale')) {
          observer.disconnect();
          resolve(name);
        }
      };
      const observer = watch(look);
      look();
    });
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
  let name = await page.evaluate(() => globalThis.nextDone());
  const [lower, upper] = [page.getByRole('slider', {name: /^Lower end of 90/}), page.getByRole('slider', {name: /^Upper end of 90/})];
  await upper.focus();
  const began = Date.now();
  const elapsed = () => (Date.now() - began) / 60_000;
  const rows = [];
  console.log('minutes  projections  snapshots  heap, MB  nodes  listeners');
  for (let projections = 1; rows.length < 2 || elapsed() < minutes; projections++) {
    // Each another question, for the service keeps what it has computed; and not by typing, of which the browser itself keeps each step.
    const isTurn = projections % 100 === 0;
    if (isTurn) await lower.press('ArrowRight');
    else await page.keyboard.press(projections % 200 < 100 ? 'ArrowRight' : 'ArrowLeft');
    name = await page.evaluate((before) => globalThis.nextDone(before), name);
    if (isTurn) await upper.focus();
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
