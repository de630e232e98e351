import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {away, isProjection} from './states.mjs';
import {visiting} from './browser.mjs';

/** Few people in whole numbers: every count is an atom. */
const trainers = {
  display_name: 'Trainers',
  noun: 'trainers',
  verb: 'sent',
  start_date: {year: 2025, month: 1, day: 1},
  horizon_days: 730,
  step_days: 7,
  thresholds: [6],
  assumptions: {
    initial_count: {distribution: {constant: 3}},
    rotation_interval_days: {distribution: {text: '60 to 120'}},
    batch_size: {distribution: {text: 'discrete(0.5: 1, 0.5: 2)'}},
  },
};

const gap = (visit) => visit.page.getByRole('textbox', {name: 'Gap between arrivals, as a text'});
const outline = (locator) => locator.evaluate((element) => getComputedStyle(element).outlineStyle);

/** A choice is hit by its label. */
const choose = (page, name) => page.locator('label.family').filter({hasText: name}).click();

/** Opens a scenario of its own under an id. */
async function opened(house, visit, id, scenario = trainers) {
  await house.service.create(id, scenario);
  await visit.open(`${house.service.address}/?scenario=${id}`);
  await visit.done();
}

async function addCount(visit, text) {
  const {page} = visit;
  if (await page.getByRole('button', {name: 'Add a count'}).count() > 0) await page.getByRole('button', {name: 'Add a count'}).click();
  await page.getByRole('textbox', {name: 'Count to add'}).fill(text);
  await page.keyboard.press('Enter');
}

export default (house) => describe('Mends', () => {
  test('Mend: a click on the fan draws no ring, the keyboard does', () =>
    visiting(house.browser, house.service.address, {}, async (visit) => {
      await visit.done();
      await visit.fan.click({position: {x: 300, y: 300}});
      assert.ok(await visit.fan.evaluate((fan) => fan === document.activeElement));
      assert.equal(await outline(visit.fan), 'none');
      await visit.page.keyboard.press('ArrowRight');
      await visit.page.keyboard.press('Tab');
      await visit.page.keyboard.press('Shift+Tab');
      assert.equal(await outline(visit.fan), 'solid');
    }));

  test('Mend: 75k is a count; abc and -5 are refused at the field and stay in it; a count is taken away at its row', () =>
    visiting(house.browser, house.service.address, {}, async (visit) => {
      const {page} = visit;
      await visit.done();
      for (const [text, words] of [['abc', /“abc” is not a count/], ['-5', /-5 is below 0/]]) {
        await addCount(visit, text);
        await page.getByRole('alert').filter({hasText: words}).waitFor();
        const field = page.getByRole('textbox', {name: 'Count to add'});
        assert.deepEqual([await field.inputValue(), await field.getAttribute('aria-invalid')], [text, 'true']);
      }
      await addCount(visit, '75k');
      await page.getByRole('img', {name: /75,000: even chance by/}).waitFor();
      const remove = page.getByRole('button', {name: 'Remove 75,000'});
      const [row, box] = [await page.locator('svg.passages').boundingBox(), await remove.boundingBox()];
      assert.ok(box.y > row.y && box.y < row.y + row.height && box.x > row.x, `${JSON.stringify(box)} at its row in ${JSON.stringify(row)}`);
      await remove.click();
      await visit.until(() => !location.search.includes('counts='));
      await visit.done();
      assert.equal(await page.getByRole('img', {name: /75,000/}).count(), 0);
    }));

  test('Mend: how long a batch stays brings the rotation with it, and a choice that contradicts has a way out', () =>
    visiting(house.browser, house.service.address, {}, async (visit) => {
      const {page} = visit;
      await visit.done();
      await page.getByLabel('Add an assumption').selectOption('tour_length_days');
      await page.getByRole('textbox', {name: 'How long a batch stays, as a text'}).fill('200 to 300');
      await page.keyboard.press('Enter');
      await visit.until(() => document.querySelector('.consequence')?.textContent.includes('leaves at the end of its tour'));
      await visit.done();
      assert.deepEqual(visit.projections.filter(({paths}) => paths === 1_000_000).at(-1).overrides, {rotation_mode: 'REINFORCE', tour_length_days: '200 to 300'});
      await choose(page, 'relieves');
      await page.getByRole('button', {name: 'Those who arrive reinforce'}).click();
      await visit.done();
      await visit.untilColoured(true);
      await choose(page, 'relieves');
      await page.getByRole('button', {name: 'Leave the stay out'}).click();
      await visit.done();
      await visit.untilColoured(true);
      assert.equal(await page.getByRole('alert').filter({visible: true}).count(), 0);
    }));

  for (const [id, choice, key, text] of [
    ['narrow-factor', '× 0.8 to × 1.25', 'rotation_interval_days.path_factor', '0.8 to 1.25'],
    ['narrow-once', 'one gap per future', 'rotation_interval_days.resampling', 'PER_PATH'],
  ]) {
    test(`Mend: a narrow fan asks whether the typical gap is uncertain, and takes “${choice}”`, () =>
      visiting(house.browser, null, {}, async (visit) => {
        await opened(house, visit, id);
        await visit.page.getByText('Is the typical gap itself uncertain?').waitFor();
        assert.doesNotMatch(await visit.page.locator('.warning').innerText(), /path_factor|PER_PATH/);
        await visit.page.getByRole('button', {name: choice}).click();
        await visit.page.getByText('Is the typical gap itself uncertain?').waitFor({state: 'detached'});
        await visit.done();
        assert.equal(visit.projections.at(-1).overrides[key], text);
      }));
  }

  test('Mend: a last day before the first is refused in dates, stays in its field, and is mended by a button', () =>
    visiting(house.browser, house.service.address, {}, async (visit) => {
      const {page} = visit;
      await visit.done();
      await page.getByRole('button', {name: /^Edit the time/}).click();
      const last = page.getByLabel('Last day');
      await last.fill('2024-10-01');
      await last.blur();
      const alert = page.getByRole('alert').filter({hasText: 'is before the first'});
      await alert.waitFor();
      assert.match((await alert.innerText()).replaceAll('\u00a0', ' '), /^The last day, 1 October 2024, is before the first, 17 November 2024\./);
      assert.equal(await last.inputValue(), '2024-10-01');
      await page.getByRole('button', {name: 'Exchange the two'}).click();
      await visit.until(() => document.querySelector('main h1').textContent.replaceAll('\u00a0', ' ').includes('17 November 2024'));
      await visit.done();
      await page.getByRole('button', {name: /^Back to/}).click();
      await visit.until(() => document.querySelector('main h1').textContent.replaceAll('\u00a0', ' ').includes('17 November 2026'));
    }));

  for (const text of ['60 to 150 (150 %)', '-5 to 10', '0', 'abc']) {
    test(`Mend: “${text}” is refused at its field in words, stays in it, and one step leads back`, () =>
      visiting(house.browser, house.service.address, {}, async (visit) => {
        await visit.done();
        await gap(visit).fill(text);
        await gap(visit).press('Enter');
        const row = visit.page.locator('.row').filter({has: gap(visit)});
        await row.getByRole('alert').waitFor();
        await gap(visit).blur();
        assert.deepEqual([await gap(visit).inputValue(), await gap(visit).getAttribute('aria-invalid')], [text, 'true']);
        await row.getByRole('button', {name: /^Back to 60 to 150/}).click();
        await visit.done();
        await visit.untilColoured(true);
        assert.equal(await gap(visit).inputValue(), '60 to 150');
      }));
  }

  test('Mend: a scenario deleted meanwhile can be saved anew, edits and all', () =>
    visiting(house.browser, null, {expected: away}, async (visit) => {
      const id = 'deleted-meanwhile';
      await opened(house, visit, id);
      assert.ok((await house.service.ask('DELETE', `/v1/scenarios/${id}`)).ok);
      await gap(visit).fill('30 to 60');
      await gap(visit).press('Enter');
      await visit.page.getByRole('button', {name: 'Save it anew'}).click();
      await visit.done();
      await visit.untilColoured(true);
      assert.equal((await house.service.get(`/v1/scenarios/${id}`)).displayName, trainers.display_name);
      assert.equal(await gap(visit).inputValue(), '30 to 60');
    }));

  test('Mend: the story of a future is told beside the fan, in dates', () =>
    visiting(house.browser, `${house.service.address}/?show=present,futures`, {}, async (visit) => {
      const {page} = visit;
      await visit.done();
      await visit.fan.focus();
      await page.keyboard.press('ArrowUp');
      await page.getByText('click for its story').waitFor();
      await page.keyboard.press('Enter');
      const story = page.getByRole('complementary').getByRole('region', {name: 'Future 0'});
      await story.getByRole('listitem').first().waitFor();
      const told = (await story.getByRole('listitem').allInnerTexts()).map((text) => text.replaceAll('\u00a0', ' '));
      assert.ok(told.length > 3 && told.every((text) => /^\d{1,2} [A-Z][a-z]{2} \d{4} /.test(text)), JSON.stringify(told));
      assert.ok(told.every((text) => !/\bday \d/i.test(text)), JSON.stringify(told));
      const [fan, box] = [await visit.fan.boundingBox(), await story.boundingBox()];
      assert.ok(box.x >= fan.x + fan.width && box.y < fan.y + fan.height, 'beside it');
    }));

  test('Mend: what was taken back is made again by Ctrl+Y, or by Ctrl+Shift+Z', () =>
    visiting(house.browser, house.service.address, {}, async (visit) => {
      const {page} = visit;
      await visit.done();
      const event = page.getByRole('switch').first();
      const is = (state) => visit.until((wanted) => document.querySelector('[role=switch]').getAttribute('aria-checked') === wanted, String(state));
      await event.click();
      await is(true);
      for (const [key, state] of [['Control+z', false], ['Control+y', true], ['Control+z', false], ['Control+Shift+z', true]]) {
        await page.keyboard.press(key);
        await is(state);
      }
      await visit.done();
    }));

  test('Mend: a gap made one number keeps the interval that it had, for the way back', () =>
    visiting(house.browser, house.service.address, {}, async (visit) => {
      const {page} = visit;
      await visit.done();
      await choose(page, 'fixed');
      await visit.until(() => document.querySelector('#edit-rotation_interval_days').value === '105');
      await choose(page, 'log-normal');
      await visit.until(() => document.querySelector('#edit-rotation_interval_days').value === '60 to 150');
    }));

  test('Mend: Home and End move a handle as far as it goes', () =>
    visiting(house.browser, house.service.address, {}, async (visit) => {
      await visit.done();
      const [lower, upper] = [visit.page.getByRole('slider', {name: /^Lower end/}), visit.page.getByRole('slider', {name: /^Upper end/})];
      const now = async (handle) => Number(await handle.getAttribute('aria-valuenow'));
      const changes = (handle, old) => visit.until(([name, before]) => document.querySelector(`[data-end=${name}]`).getAttribute('aria-valuenow') !== before, [handle, old]);
      await upper.focus();
      await visit.page.keyboard.press('End');
      await changes('high', '150');
      assert.ok(await now(upper) > 200, String(await now(upper)));
      const far = await upper.getAttribute('aria-valuenow');
      await visit.page.keyboard.press('Home');
      await changes('high', far);
      assert.ok(await now(upper) > 60 && await now(upper) <= 61, String(await now(upper)));
      await lower.focus();
      await visit.page.keyboard.press('Home');
      await changes('low', '60');
      assert.ok(await now(lower) < 60);
    }));

  test('Mend: saving keeps the counts that the reader added', () =>
    visiting(house.browser, null, {}, async (visit) => {
      const id = 'counts-kept';
      await opened(house, visit, id);
      await addCount(visit, '12');
      await visit.page.getByRole('img', {name: /12: even chance by/}).waitFor();
      await visit.done();
      await visit.bar.locator('summary').filter({hasText: 'Save'}).click();
      await visit.page.getByRole('button', {name: 'Save as a revision'}).click();
      await visit.until(() => !location.search.includes('counts='));
      assert.deepEqual((await house.service.get(`/v1/scenarios/${id}`)).thresholds, ['6', '12']);
      await visit.page.getByRole('img', {name: /12: even chance by/}).waitFor();
    }));

  test('Mend: the table shows its last column', () =>
    visiting(house.browser, `${house.service.address}/?show=present,table&counts=75000`, {}, async (visit) => {
      await visit.done();
      const hidden = await visit.page.locator('.table-scroll').evaluate((room) => room.scrollWidth - room.clientWidth);
      assert.ok(hidden <= 0, `${hidden} pixels of the table are out of sight`);
    }));

  test('Mend: over eight counts are strips, and no labels of counts touch', () =>
    visiting(house.browser, `${house.service.address}/?counts=10000,20000,30000,31000,32000,60000,70000,71000,75000,80000,95000`, {}, async (visit) => {
      await visit.done();
      assert.equal(await visit.page.locator('svg.passages .heat-frame').count(), 13);
      const places = (await visit.fan.locator('text.tick[text-anchor=end]').evaluateAll((labels) => labels.map((label) => label.y.baseVal[0].value))).sort((one, other) => one - other);
      assert.ok(places.every((place, i) => i === 0 || place - places[i - 1] >= 12.9), JSON.stringify(places));
      await visit.assertAccessible('many counts');
    }));

  test('Mend: where no count is asked about, the page invites one', () =>
    visiting(house.browser, null, {}, async (visit) => {
      await opened(house, visit, 'no-count', {...trainers, thresholds: []});
      await visit.page.getByText('No count is asked about yet. Add one').waitFor();
    }));

  test('Mend: a ceiling above the chart is named clear of its topmost line, and no text leaves the picture', () =>
    visiting(house.browser, null, {}, async (visit) => {
      const {assumptions} = trainers;
      await opened(house, visit, 'ceiling-above', {...trainers, thresholds: [10, 20], assumptions: {...assumptions, cap: {distribution: {constant: 1_000_000}}}});
      const label = visit.fan.locator('.ceiling-label');
      assert.match((await label.textContent()).replaceAll('\u00a0', ' '), /^Ceiling 1,000,000, above this chart$/);
      const {y, height} = await label.boundingBox();
      const lines = await visit.fan.locator('line.hairline, line.threshold').evaluateAll((all) => all.map((line) => line.getBoundingClientRect().y));
      assert.ok(lines.every((line) => line > y + height + 2 || line < y), `${y + height} over ${Math.min(...lines)}`);
      const outside = await visit.page.evaluate(() => [...document.querySelectorAll('svg.fan text, svg.passages text')]
        .filter((text) => text.getBoundingClientRect().right > text.ownerSVGElement.getBoundingClientRect().right + 1).map((text) => text.textContent));
      assert.deepEqual(outside, []);
    }));

  test('Mend: where counts lie far apart lines are steps, and the bars of the slice have their counts in their middle', () =>
    visiting(house.browser, null, {}, async (visit) => {
      await opened(house, visit, 'lattice');
      const {median, bars, ticks} = await visit.fan.evaluate((fan) => ({
        median: fan.querySelector('.median').getAttribute('d'),
        bars: [...fan.querySelectorAll('.slice50, .slice90, .slice-outside, .atom')].flatMap((path) => [...path.getAttribute('d').matchAll(/M[\d.]+,([\d.]+)h[\d.]+v([\d.]+)/g)].map(([, top, height]) => Number(top) + Number(height) / 2)),
        ticks: [...fan.querySelectorAll('text.tick[text-anchor=end]')].map((text) => [Number(text.textContent), text.y.baseVal[0].value]),
      }));
      const places = [...median.matchAll(/[ML]([\d.]+),([\d.]+)/g)].map(([, x, y]) => [x, y]);
      assert.ok(places.length > 10 && places.every(([x, y], i) => i === 0 || x === places[i - 1][0] || y === places[i - 1][1]), median);
      const [[low, from], [high, to]] = [ticks[0], ticks.at(-1)];
      const counts = bars.map((place) => low + (high - low) * (place - from) / (to - from));
      assert.ok(counts.length >= 5 && counts.every((count) => Math.abs(count - Math.round(count)) < 0.1), JSON.stringify(counts));
    }));

  test('Mend: while the service is away, its health is asked for', () =>
    visiting(house.browser, house.service.address, {expected: away}, async (visit) => {
      await visit.done();
      await visit.page.route(isProjection, (route) => route.abort('connectionrefused'));
      const health = visit.page.waitForResponse((response) => response.url().endsWith('/grpc.health.v1.Health/Check'));
      await visit.page.getByRole('switch').first().click();
      assert.equal((await health).status(), 200);
      await visit.page.unroute(isProjection);
      await visit.done();
      await visit.untilColoured(true);
    }));
});
