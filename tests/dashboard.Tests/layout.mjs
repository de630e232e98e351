import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {gzipSync} from 'node:zlib';
import {patience, visiting} from './browser.mjs';
import {fonts, fontOf, launchWith} from './fonts.mjs';

/** What a browser zooms to 200 % has half the width and twice the pixels. */
const windows = {
  1440: {},
  820: {width: 820, height: 1180},
  390: {width: 390, height: 844, hasTouch: true},
  320: {width: 320, height: 568},
  '1440 at 200 %': {width: 720, height: 450, deviceScaleFactor: 2},
};

const smallest = 44;

/** A scenario whose words and figures are longer than the usual ones. */
const wordy = {
  display_name: 'Many words',
  noun: 'replacement turbine blades',
  verb: 'delivered to the yards',
  start_date: {year: 2025, month: 9, day: 26},
  horizon_days: 730,
  step_days: 14,
  thresholds: [1_250_000],
  assumptions: {
    initial_count: {distribution: {constant: 15000}},
    rotation_interval_days: {distribution: {log_normal: {interval: {low: 20, high: 60}}}},
    batch_size: {distribution: {pert: {min: 20000, mode: 60000, max: 120000}}},
    cap: {distribution: {constant: 2_000_000}},
    rotation_mode: 'RELIEVE',
  },
};

/** What moved on a page from a moment on. Within the sentence a word may pass to the next line after a figure that got shorter. */
const shiftsSince = (page, from) => page.evaluate((index) => globalThis.shifts.slice(index).filter((shift) => !shift.startsWith('sentence: ')), from);

/** How much has moved once what is on the page is drawn: the browser tells of it a little later. */
const settled = (page) => page.evaluate(() => new Promise((resolve) => {
  requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(() => setTimeout(() => resolve(globalThis.shifts.length)))));
}));

const boxOf = (page) => page.evaluate(() => JSON.stringify(document.querySelector('h1').getBoundingClientRect()));

export default (house) => describe('The layout', () => {
  /** Opens the page while the answer is held back, and lets it come: nothing may move from then on. */
  async function seeAnswerCome(visit, address) {
    const {page} = visit;
    let answer;
    const isAsked = new Promise((resolve) => { answer = resolve; });
    await page.route('**/scenarios.v1.ProjectionService/Project', async (route) => {
      await isAsked;
      await route.continue();
    });
    await visit.open(address);
    await page.getByRole('heading', {name: /^Projecting to/}).waitFor();
    const before = await settled(page);
    answer();
    await visit.done();
    assert.deepEqual(await shiftsSince(page, before), []);
  }

  for (const font of Object.keys(fonts)) {
    describe(`in ${font}`, () => {
      let browser;
      let words;
      before(async () => {
        browser = await launchWith(font, house.folder);
        words = `wordy-${font.toLowerCase().replaceAll(' ', '-')}`;
        await house.service.create(words, wordy);
      }, {timeout: patience});
      after(() => browser?.close());

      for (const [name, window] of Object.entries(windows)) {
        test(`at ${name} needs no scrolling sideways, and moves nowhere while the answer comes`, () =>
          visiting(browser, null, window, async (visit) => {
            const {page} = visit;
            await seeAnswerCome(visit, house.service.address);
            assert.equal(await fontOf(page, 'h1 .lines'), font);
            const wider = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            assert.ok(await wider() <= 0, 'with the chart');
            await page.getByRole('button', {name: 'Table'}).click();
            await page.getByRole('table').filter({hasText: 'Mean'}).waitFor();
            assert.ok(await wider() <= 0, 'with the table');
          }));
      }

      for (const name of ['1440', '820', '390']) {
        test(`at ${name} longer words than the usual move nothing either`, () =>
          visiting(browser, null, windows[name], (visit) => seeAnswerCome(visit, `${house.service.address}/?scenario=${words}`)));
      }

      test('nothing moves while it sharpens', async () =>
        visiting(browser, await house.service.dense(), {}, async (visit) => {
          await visit.until(() => document.querySelector('header')?.innerText.includes(' of 1,000,000 paths'));
          const [before, box] = [await settled(visit.page), await boxOf(visit.page)];
          await visit.done();
          assert.deepEqual(await shiftsSince(visit.page, before), []);
          assert.equal(await boxOf(visit.page), box, 'the sentence has its lines from the first snapshot');
        }));
    });
  }

  test('at 1440 has sentence and fan on the first screen', () =>
    visiting(house.browser, house.service.address, {}, async (visit) => {
      await visit.done();
      for (const part of [visit.answer, visit.fan]) {
        const {y, height} = await part.boundingBox();
        assert.ok(y + height <= 900, `${y + height}`);
      }
    }));

  test('the sentence fills the lines that it has had at most, until another question is answered', () =>
    visiting(house.browser, house.service.address, {}, async (visit) => {
      const {page} = visit;
      await visit.done();
      const height = () => page.evaluate(() => document.querySelector('h1 .lines').offsetHeight);
      const [longest, after] = await page.evaluate(async () => {
        const lines = document.querySelector('h1 .lines');
        const [part] = lines.childNodes;
        const drawn = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        const words = part.data;
        const heights = [];
        for (const text of [`${'about '.repeat(30)}${words}`, words]) {
          part.data = text;
          await drawn();
          heights.push(lines.offsetHeight);
        }
        return heights;
      });
      assert.equal(after, longest);
      await page.getByRole('switch').first().click();
      await visit.until(() => document.querySelector('[role=switch][aria-checked=true]'));
      await visit.done();
      assert.ok(await height() < longest, 'another sentence starts anew');
    }));

  test('at 390 gives a finger room', () =>
    visiting(house.browser, house.service.address, windows[390], async (visit) => {
      await visit.done();
      await visit.page.getByRole('button', {name: /^Edit the gap between arrivals/}).tap();
      await visit.page.getByRole('slider').first().waitFor();
      const small = await visit.page.evaluate((least) => {
        const targets = new Set([...document.querySelectorAll('a[href], button:enabled, input, select, summary, [role=slider]')]
          .map((element) => element.closest('label') ?? element)
          // Words within a text are as high as its lines.
          .filter((element) => element.checkVisibility() && getComputedStyle(element).display !== 'inline'));
        const found = [];
        for (const element of targets) {
          element.scrollIntoView({block: 'center'});
          const box = (element.querySelector('.hit') ?? element).getBoundingClientRect();
          const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
          // What is hit around the middle, whatever draws it.
          const reach = (dx, dy) => {
            let far = 0;
            while (far < least && element.contains(document.elementFromPoint(x + dx * (far + 1), y + dy * (far + 1)))) far++;
            return far;
          };
          const [width, height] = [reach(-1, 0) + reach(1, 0) + 1, reach(0, -1) + reach(0, 1) + 1];
          // The outermost pixel belongs to either neighbour.
          if (width < least - 1 || height < least - 1) found.push(`${element.outerHTML.slice(0, 120)}: ${width} x ${height}`);
        }
        return found;
      }, smallest);
      assert.deepEqual(small, []);
    }));
});

export const budget = (house) => describe('The files', () => {
  test('are few and small, and come from the service alone', (t) =>
    visiting(house.browser, null, {}, async (visit) => {
      const sizes = {script: 0, stylesheet: 0};
      visit.page.on('response', async (response) => {
        const kind = response.request().resourceType();
        if (kind in sizes) sizes[kind] += gzipSync(await response.body()).length;
      });
      await visit.open(house.service.address);
      await visit.done();
      t.diagnostic(`gzip: ${sizes.script} bytes of JavaScript, ${sizes.stylesheet} of CSS`);
      assert.ok(sizes.script > 0 && sizes.script <= 250_000, `${sizes.script} bytes of JavaScript`);
      assert.ok(sizes.stylesheet > 0 && sizes.stylesheet <= 16_000, `${sizes.stylesheet} bytes of CSS`);
      assert.deepEqual(visit.requests.filter((request) => !request.url().startsWith(`${house.service.address}/`)).map((request) => request.url()), []);
      assert.deepEqual(visit.requests.filter((request) => ['font', 'image', 'media'].includes(request.resourceType())).map((request) => request.url()), []);
    }));
});
