// Pictures of the dashboard. npm run screenshots: those of the README, into src/dashboard/pictures;
// npm run screenshots -- FOLDER: at the three widths, light and dark, the first screen and the whole page, then every state at each width,
// and the page on paper and in colours that a reader forces on it.
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {launch, visiting} from './browser.mjs';
import {inFewColours} from './png.mjs';
import {Service} from './service.mjs';
import {away, statesOf} from './states.mjs';

const readme = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../../src/dashboard/pictures');
const heights = {1440: 1000, 820: 1180, 390: 844};

const folder = process.argv[2] ?? readme;
await mkdir(folder, {recursive: true});
const storage = await mkdtemp(join(tmpdir(), 'scenarios-screenshots-'));
const service = await Service.start(storage);
const browser = await launch();

/** Takes a picture of what is on a page. */
async function take(visit, name, fullPage = false) {
  const path = resolve(folder, `${name}.png`);
  const whole = await visit.page.screenshot({fullPage, animations: 'disabled'});
  // Those to be judged by eye keep all of their colours.
  const picture = folder === readme ? await inFewColours(visit.page, whole) : whole;
  await writeFile(path, picture);
  console.log(`${path}: ${Math.ceil(picture.length / 1000)} kB`);
}

/** Opens the founding scenario at a date, and takes pictures once all of its answer is there. */
const answered = (options, taking) => visiting(browser, `${service.address}/?at=2026-02-01`, options, async (visit) => {
  await visit.done();
  // What each event would change comes after the answer.
  await visit.until(() => !document.querySelector('.events [aria-busy=true]'));
  await taking(visit);
});

const sized = (width, colorScheme) => ({width, height: heights[width], colorScheme});

async function everything() {
  const states = Object.entries(statesOf({service})).filter(([state]) => !state.startsWith('done'));
  for (const width of [1440, 820, 390]) {
    for (const colorScheme of ['light', 'dark']) {
      await answered(sized(width, colorScheme), async (visit) => {
        await take(visit, `${width}-${colorScheme}`);
        await take(visit, `${width}-${colorScheme}-whole`, true);
      });
    }
    for (const [state, reach] of states) {
      await visiting(browser, null, {...sized(width, 'light'), expected: away}, async (visit) => {
        try {
          await reach(visit);
          for (const colorScheme of ['light', 'dark']) {
            await visit.page.emulateMedia({colorScheme, reducedMotion: 'reduce'});
            await take(visit, `${width}-${colorScheme} ${state}`, true);
          }
        } finally {
          service.goOn();
        }
      });
    }
  }
  await answered(sized(1440, 'light'), async (visit) => {
    await visit.page.emulateMedia({media: 'print'});
    await visit.page.setViewportSize({width: 718, height: 1047}); // A4 within margins of a centimetre
    await take(visit, 'print', true);
  });
  for (const colorScheme of ['light', 'dark']) {
    await answered({...sized(1440, colorScheme), forcedColors: 'active'}, (visit) => take(visit, `forced-colours-${colorScheme}`, true));
  }
}

async function forReadme() {
  for (const [width, colorScheme] of [[1440, 'light'], [820, 'dark'], [390, 'light']]) {
    await answered(sized(width, colorScheme), (visit) => take(visit, `${width}-${colorScheme}`));
  }
}

try {
  await (process.argv[2] ? everything() : forReadme());
} finally {
  await browser.close();
  await service.end();
  await rm(storage, {recursive: true, force: true});
}
