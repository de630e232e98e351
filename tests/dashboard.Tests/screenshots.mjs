// Pictures of the dashboard at its three widths, light and dark: npm run screenshots -- FOLDER
import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {launch, visiting} from './browser.mjs';
import {Service} from './service.mjs';

const folder = process.argv[2];
if (!folder) {
  console.error('npm run screenshots -- FOLDER');
  process.exit(2);
}
await mkdir(folder, {recursive: true});
const storage = await mkdtemp(join(tmpdir(), 'scenarios-screenshots-'));
const service = await Service.start(storage);
const browser = await launch();
try {
  for (const [width, height] of [[1440, 1000], [820, 1180], [390, 844]]) {
    for (const colorScheme of ['light', 'dark']) {
      await visiting(browser, `${service.address}/?at=2026-02-01`, {width, height, colorScheme}, async (visit) => {
        await visit.done();
        // What each event would change comes after the answer.
        await visit.until(() => !document.querySelector('.events [aria-busy=true]'));
        for (const fullPage of [false, true]) {
          const path = resolve(folder, `${width}-${colorScheme}${fullPage ? '-whole' : ''}.png`);
          await visit.page.screenshot({path, fullPage, animations: 'disabled'});
          console.log(path);
        }
      });
    }
  }
} finally {
  await browser.close();
  await service.end();
  await rm(storage, {recursive: true, force: true});
}
