import assert from 'node:assert/strict';
import {mkdtemp} from 'node:fs/promises';
import {describe, test} from 'node:test';
import {join} from 'node:path';
import {patience, visiting} from './browser.mjs';
import {Service, TokenIssuer} from './service.mjs';
import {away, statesOf} from './states.mjs';

/** What can be focused, in the order of the document; of radio buttons the chosen one stands for all. */
function stops() {
  return [...document.querySelectorAll('a[href], button:enabled, input:enabled, select:enabled, summary, [tabindex="0"]')]
    .filter((element) => element.checkVisibility() && !(element.type === 'radio' && !element.checked));
}

/** Says what has the focus, where it stands among the stops, and whether one sees that. */
function focused() {
  const element = document.activeElement;
  // A field within a frame, or a choice without a look of its own, shows it by what is around it.
  const isOutlined = [element, element.closest('.typed, .family')].filter(Boolean).map((one) => getComputedStyle(one))
    .some(({outlineStyle, outlineWidth}) => outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2);
  const halo = element.querySelector('.halo');
  const box = element.getBoundingClientRect();
  return {
    index: globalThis.stops().indexOf(element),
    what: (element.getAttribute('aria-label') ?? element.innerText ?? element.id).slice(0, 60),
    isSeen: isOutlined || (halo !== null && getComputedStyle(halo).stroke !== 'none'),
    top: box.top + scrollY,
    bottom: box.bottom + scrollY,
    region: element.closest('header.top, main, aside, footer')?.localName,
  };
}

export default (house) => {
  describe('Access', () => {
    for (const [state, reach] of Object.entries(statesOf(house))) {
      test(`axe finds nothing, light or dark: ${state}`, () =>
        visiting(house.browser, null, {expected: away}, async (visit) => {
          try {
            await reach(visit);
            await visit.assertAccessible(state);
          } finally {
            house.service.goOn();
          }
        }));
    }

    test('where a token is asked for axe finds nothing either, a wrong one is told, and with a good one the answer comes', async () => {
      const issuer = new TokenIssuer();
      const service = await Service.start(await mkdtemp(join(house.folder, 'locked-')), issuer.settings);
      try {
        await visiting(house.browser, service.address, {expected: /Failed to load resource: the server responded with a status of 401/}, async (visit) => {
          const field = visit.page.getByRole('textbox', {name: 'Token'});
          const says = (words) => visit.page.getByRole('alert').filter({hasText: words}).waitFor();
          await says('token');
          await visit.assertAccessible('a token asked for');
          await field.fill(new TokenIssuer().token());
          await field.press('Enter');
          await says('no trusted key has signed it');
          await field.fill(issuer.token());
          await visit.page.getByRole('button', {name: 'Use it'}).click();
          await visit.done();
          assert.equal(await field.count(), 0);
          assert.ok(!(await visit.page.content()).includes(issuer.token().split('.')[0]), 'the token stands nowhere on the page');
        });
      } finally {
        await service.end();
      }
    });
  });

  describe('The keyboard', () => {
    test('reaches everything in the order in which it is read, and one sees where it is', () =>
      visiting(house.browser, house.service.address, {}, async (visit) => {
        const {page} = visit;
        await visit.done();
        await page.evaluate(`globalThis.stops = ${stops}`);
        const count = await page.evaluate(() => globalThis.stops().length);
        const found = [];
        for (let stop = 0; stop < count; stop++) {
          await page.keyboard.press('Tab');
          found.push(await page.evaluate(focused));
        }
        assert.deepEqual(found.map(({index}) => index), Array.from({length: count}, (_, index) => index), JSON.stringify(found.map(({what}) => what)));
        assert.deepEqual(found.filter(({isSeen}) => !isSeen).map(({what}) => what), []);
        assert.deepEqual([...new Set(found.map(({region}) => region))], ['header', 'main', 'aside']);
        found.forEach((stop, index) => {
          const before = found[index - 1];
          assert.ok(before?.region !== stop.region || stop.bottom > before.top, `${stop.what} stands above ${before?.what}`);
        });
      }));

    test('moves along the chart', () =>
      visiting(house.browser, house.service.address, {}, async (visit) => {
        const {page} = visit;
        await visit.done();
        await visit.fan.focus();
        const shows = (date) => visit.until((wanted) => document.querySelector('main [role=img]').textContent.replaceAll('\u00a0', ' ').includes(wanted), date);
        for (const [key, date] of [
          ['Home', '17 November 2024'], ['ArrowRight', '24 November 2024'], ['PageUp', '23 February 2025'], ['PageDown', '24 November 2024'],
          ['ArrowLeft', '17 November 2024'], ['End', '17 November 2026'],
        ]) {
          await page.keyboard.press(key);
          await shows(date);
        }
        await page.keyboard.press('Home');
        await shows('17 November 2024');
        await visit.until(() => location.search.includes('at=2024-11-17'));
        await page.keyboard.press('Escape');
        await visit.until(() => !location.search.includes('at='));

        await page.keyboard.press('f');
        await visit.until(() => location.search.includes('futures'));
        assert.equal(await page.getByRole('checkbox', {name: 'Sample futures'}).isChecked(), true);
        await page.keyboard.press('t');
        await page.getByRole('table').filter({hasText: 'Mean'}).waitFor();
      }));

    test('does all that a pointer does', () =>
      visiting(house.browser, house.service.address, {}, async (visit) => {
        const {page} = visit;
        const {keyboard} = page;
        await visit.done();
        const headline = await visit.answer.innerText();
        const isBack = () => visit.until((wanted) => document.querySelector('main h1').innerText === wanted, headline);

        const handle = page.getByRole('slider', {name: /^Upper end of 90/});
        await handle.focus();
        const says = (value) => visit.until((wanted) => document.activeElement.getAttribute('aria-valuetext')?.startsWith(wanted), `${value} days`);
        await keyboard.press('ArrowRight');
        await says(151);
        await keyboard.press('Shift+ArrowRight');
        await says(161);
        await keyboard.press('ArrowLeft');
        await says(160);
        await visit.until((old) => document.querySelector('main h1').innerText !== old, headline);
        await visit.done();
        // Steps that a busy machine takes more than a second over are gestures of their own: there are three at most.
        for (let step = 0; step < 3; step++) await keyboard.press('Control+z');
        await isBack();
        await says(150);

        const event = page.getByRole('switch', {name: 'Beijing uses its leverage'});
        await event.focus();
        await keyboard.press('Space');
        await visit.until((old) => document.querySelector('main h1').innerText !== old, headline);
        assert.equal(await event.getAttribute('aria-checked'), 'true');
        await keyboard.press('Space');
        await isBack();

        await page.getByRole('radio', {name: 'log-normal'}).focus();
        await keyboard.press('ArrowRight');
        await visit.until((old) => document.querySelector('main h1').innerText !== old, headline);
        assert.notEqual(await page.getByRole('radio', {checked: true}).evaluate((radio) => radio.closest('label').innerText), 'log-normal');
        await page.getByRole('button', {name: /^Back to/}).focus();
        await keyboard.press('Enter');
        await isBack();

        await page.getByRole('textbox', {name: 'Gap between arrivals, as a text'}).fill('40 to 80');
        await keyboard.press('Enter');
        await visit.until((old) => document.querySelector('main h1').innerText !== old, headline);
        await keyboard.press('Escape');
        await isBack();

        await page.getByRole('button', {name: /^Edit the size of a batch/}).focus();
        await keyboard.press('Enter');
        await page.getByRole('textbox', {name: 'Size of a batch, as a text'}).waitFor();

        const add = page.getByRole('button', {name: 'Add a count'});
        await add.focus();
        await keyboard.press('Enter');
        await keyboard.type('75,000');
        await keyboard.press('Enter');
        await page.getByRole('img', {name: /75,000: even chance by/}).waitFor();

        const menu = visit.bar.locator('summary').filter({hasText: 'Export'});
        await menu.focus();
        await keyboard.press('Enter');
        await page.getByRole('button', {name: /^CSV/}).waitFor();
        await keyboard.press('Tab');
        await keyboard.press('Tab');
        await keyboard.press('Tab');
        await visit.done();
        const [file] = await Promise.all([page.waitForEvent('download', {timeout: patience}), keyboard.press('Enter')]);
        assert.match(file.suggestedFilename(), /^north-korean-troops-.*\.csv$/);
        await menu.focus();
        await keyboard.press('Enter');
        await page.getByRole('button', {name: /^CSV/}).waitFor();
        await keyboard.press('Escape');
        await page.getByRole('button', {name: /^CSV/}).waitFor({state: 'hidden'});
        assert.ok(await menu.evaluate((summary) => summary === document.activeElement), 'Escape gives the focus back');
      }));
  });
};
