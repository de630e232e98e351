import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {visiting} from './browser.mjs';
import {away, isProjection} from './states.mjs';

/** Runs in the page: red, green and blue of a colour as computed. */
const channels = (colour) => colour.match(/[\d.]+/g).slice(0, 3).map(Number);

/** What a colour is seen as where there is none: 0 is black, 255 is white. */
const brightness = (colour) => channels(colour).reduce((sum, channel) => sum + channel, 0) / 3;

const styleOf = (locator, property) => locator.evaluate((element, name) => getComputedStyle(element)[name], property);

/** Runs in the page: what is in motion there, and how long it moves. */
function motions() {
  const seconds = (list) => Math.max(...list.split(',').map((text) => parseFloat(text) * (text.trim().endsWith('ms') ? 0.001 : 1)));
  return [...document.querySelectorAll('*')].map((element) => {
    const style = getComputedStyle(element);
    const moved = style.transitionProperty === 'none' ? 0 : seconds(style.transitionDuration);
    return {what: `${element.localName}.${element.getAttribute('class')}`, seconds: Math.max(moved, style.animationName === 'none' ? 0 : seconds(style.animationDuration))};
  }).filter((motion) => motion.seconds > 0);
}

export default (house) => describe('Other media', () => {
  test('Mend: in print, on two sheets, in light whatever the screen is: the answer, its pictures, every source, name and seed; nothing to press', () =>
    visiting(house.browser, `${house.service.address}/?at=2026-02-01&counts=75000`, {colorScheme: 'dark'}, async (visit) => {
      await visit.done();
      const {page} = visit;
      await page.getByRole('button', {name: 'Light'}).click();
      await page.getByRole('button', {name: 'Dark'}).click();
      const name = (await page.getByRole('link', {name: /projections\//}).getAttribute('href')).slice(1);
      const headline = await visit.answer.innerText();
      const {assumptions, events} = await house.service.get('/v1/scenarios/dprk-rotation');
      const evidence = [...Object.values(assumptions).flatMap((one) => one?.evidence ?? []), ...assumptions.rotationModeEvidence, ...events.flatMap((event) => event.evidence)];
      assert.ok(evidence.length >= 8);

      await page.emulateMedia({media: 'print', colorScheme: 'dark'});
      await page.setViewportSize({width: 718, height: 1047}); // A4 within margins of a centimetre
      const text = (await page.locator('body').innerText()).replaceAll('\u00a0', ' ');
      for (const words of [
        headline, 'Troops sent in total', 'When each count is first reached', '75,000', 'Assumptions', 'Gap between arrivals', '60 to 150 days', 'Events', 'Beijing uses its leverage',
        'Median is sharp to', 'Words for chances', ...evidence.map(({claim}) => claim.replaceAll('\'', '’')), `${name}, seed 1`, '17 November 2024 to 17 November 2026',
      ]) assert.ok(text.includes(words.replaceAll('\u00a0', ' ')), `${words} in ${text}`);
      await visit.fan.waitFor();
      await page.getByRole('img', {name: /never within the horizon/}).waitFor();

      const pressed = await page.evaluate(() => [...document.querySelectorAll('button, input, select, summary, [role=slider]')]
        .filter((element) => element.checkVisibility() && !element.matches('.opener')).map((element) => element.outerHTML.slice(0, 100)));
      assert.deepEqual(pressed, [], 'nothing to press but what says a value');
      assert.ok(brightness(await styleOf(visit.answer, 'color')) < 60, 'dark ink');
      assert.ok(brightness(await styleOf(page.locator('body'), 'backgroundColor')) > 240, 'on light paper');
      // A mark at the very end of a scale hangs over it by its own half.
      const wide = await page.evaluate(() => [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > innerWidth + 5)
        .map((element) => element.outerHTML.slice(0, 100)));
      assert.deepEqual(wide, [], 'no wider than the sheet');
      const kept = await page.evaluate(() => ['.answer > div', 'h1'].map((room) => getComputedStyle(document.querySelector(room)).minHeight));
      assert.deepEqual(kept, ['0px', '0px'], 'no room for longer words');
      const sheets = (await page.pdf({format: 'A4', margin: {top: '1cm', bottom: '1cm', left: '1cm', right: '1cm'}})).toString('latin1').match(/\/Type\s*\/Page\b/g).length;
      assert.ok(sheets >= 1 && sheets <= 2, `${sheets} sheets`);
      assert.match(text, /Off\s+Beijing uses its leverage/, 'a switch in words');
      assert.equal(await page.getByRole('switch').first().isVisible(), false);
    }));

  test('in print what is not current says so', () =>
    visiting(house.browser, house.service.address, {expected: away}, async (visit) => {
      await visit.done();
      await visit.page.route(isProjection, (route) => route.abort('connectionrefused'));
      await visit.page.getByRole('switch').first().click();
      await visit.page.getByText(/Trying again in/).waitFor();
      await visit.page.emulateMedia({media: 'print'});
      assert.match(await visit.page.locator('body').innerText(), /Connection lost at [\d:]+\.[^]*Below is the answer of [\d:]+: 1,000,000 of 1,000,000 paths/);
      assert.equal(await visit.page.getByRole('button', {name: 'Try now'}).isVisible(), false);
    }));

  test('in the colours that a reader forces on it bands are hatched, lines are text, and a switch says what it is by its place', () =>
    visiting(house.browser, house.service.address, {forcedColors: 'active'}, async (visit) => {
      await visit.done();
      const {page} = visit;
      const ink = await styleOf(visit.answer, 'color');
      const part = (selector) => visit.fan.locator(selector);
      const distances = [];
      for (const band of ['.band90', '.band50']) {
        const id = /url\("?#([^")]+)"?\)/.exec(await styleOf(part(band), 'fill'))[1];
        distances.push(await page.evaluate((pattern) => document.getElementById(pattern).width.baseVal.value, id));
        assert.equal(await page.evaluate((pattern) => getComputedStyle(document.getElementById(pattern).querySelector('line')).stroke, id), ink, 'the hatch is drawn in ink');
      }
      assert.ok(distances[1] < distances[0], `the inner band is denser: ${distances}`);
      for (const line of ['.median', '.rim', '.ceiling', '.crossing']) assert.equal(await styleOf(part(line).first(), 'stroke'), ink, line);

      const event = page.getByRole('switch', {name: 'Beijing uses its leverage'});
      const knob = event.locator('.knob');
      const [off, place] = [await styleOf(event, 'backgroundColor'), (await knob.boundingBox()).x];
      await event.click();
      await visit.until(() => document.querySelector('[role=switch][aria-checked=true]'));
      assert.ok((await knob.boundingBox()).x > place + 8, 'the knob has moved');
      assert.notEqual(await styleOf(event, 'backgroundColor'), off);
      for (const end of await page.locator('.handle .knob').all()) assert.equal(await styleOf(end, 'stroke'), ink, 'a handle is seen');
      await visit.done();
      await visit.assertAccessible('forced colours');
    }));

  test('in forced colours the bands of those present are hatched as well', () =>
    visiting(house.browser, null, {forcedColors: 'active'}, async (visit) => {
      await visit.open(await house.service.dense());
      const bands = visit.page.locator('.present-fan').locator('.band90, .band50');
      await bands.first().waitFor();
      for (const band of await bands.all()) assert.match(await styleOf(band, 'fill'), /^url\(/);
      assert.equal(await bands.count(), 2);
    }));

  test('nothing moves for those who want no motion, and for others only the editor and the colour, for a moment', () =>
    visiting(house.browser, house.service.address, {reducedMotion: 'no-preference'}, async (visit) => {
      await visit.done();
      await visit.page.getByRole('button', {name: /^Edit the size of a batch/}).click();
      const editor = visit.page.locator('.editor').first();
      await editor.waitFor();
      const usual = await visit.page.evaluate(motions);
      assert.ok(usual.length > 0 && usual.every(({seconds}) => seconds <= 0.2), JSON.stringify(usual));
      await visit.page.emulateMedia({reducedMotion: 'reduce'});
      assert.deepEqual(await visit.page.evaluate(motions), []);
      // Of what is not current the colour goes at once.
      await visit.page.route(isProjection, () => {});
      await visit.page.getByRole('switch').first().click();
      await visit.page.locator('.answer.stale').waitFor();
      assert.deepEqual(await visit.page.evaluate(motions), []);
    }));
});
