// Pictures of the dashboard. npm run screenshots: those of the README, into src/dashboard/pictures;
// npm run screenshots -- FOLDER: at the three widths, light and dark, the first screen and the whole page.
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {launch, visiting} from './browser.mjs';
import {inFewColours} from './png.mjs';
import {Service} from './service.mjs';

const readme = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../../src/dashboard/pictures');
const heights = {1440: 1000, 820: 1180, 390: 844};

const shots = process.argv[2]
  ? Object.keys(heights).flatMap((width) => ['light', 'dark'].flatMap((colorScheme) => [false, true].map((fullPage) => ({width, colorScheme, fullPage}))))
  : [{width: 1440, colorScheme: 'light'}, {width: 820, colorScheme: 'dark'}, {width: 390, colorScheme: 'light'}].map((shot) => ({...shot, fullPage: false}));
const folder = process.argv[2] ?? readme;

await mkdir(folder, {recursive: true});
const storage = await mkdtemp(join(tmpdir(), 'scenarios-screenshots-'));
const service = await Service.start(storage);
const browser = await launch();
try {
  for (const {width, colorScheme, fullPage} of shots) {
    await visiting(browser, `${service.address}/?at=2026-02-01`, {width: Number(width), height: heights[width], colorScheme}, async (visit) => {
      await visit.done();
      // What each event would change comes after the answer.
      await visit.until(() => !document.querySelector('.events [aria-busy=true]'));
      const path = resolve(folder, `${width}-${colorScheme}${fullPage ? '-whole' : ''}.png`);
      const picture = await inFewColours(visit.page, await visit.page.screenshot({fullPage, animations: 'disabled'}));
      await writeFile(path, picture);
      console.log(`${path}: ${Math.ceil(picture.length / 1000)} kB`);
    });
  }
} finally {
  await browser.close();
  await service.end();
  await rm(storage, {recursive: true, force: true});
}
