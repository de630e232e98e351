import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {patience, visiting} from './browser.mjs';

const scenario = 'scenarios/dprk-rotation';

/** What the service itself says of a request with such overrides. */
async function refusal(service, overrides) {
  const {ok, body} = await service.ask('POST', '/v1/projections:project', {scenario_name: scenario, overrides, final_only: true});
  assert.ok(!ok, 'the service refuses it');
  const {details} = body.error ?? body;
  const detail = (type) => details.find((one) => one['@type'].endsWith(type));
  return {violation: detail('google.rpc.BadRequest').fieldViolations[0], mends: detail('scenarios.v1.Mends')?.mends ?? []};
}

/** Middle of the knob of a handle: it hangs at the lower end of its stem, within a circle of 44 pixels. */
async function knob(handle) {
  const {x, y, width, height} = await handle.boundingBox();
  return {x: x + width / 2, y: y + height - 22};
}

export default (house) => describe('A change', () => {
  test('by a drag asks for few paths at each step, one request at a time, and for all of them at rest', () =>
    visiting(house.browser, house.service.address, {}, async (visit) => {
      await visit.done();
      const {page} = visit;
      const headline = await visit.answer.innerText();
      const handle = page.getByRole('slider', {name: /^Upper end of 90/});
      await handle.scrollIntoViewIfNeeded();
      const {x, y} = await knob(handle);
      const told = await handle.getAttribute('aria-valuetext');
      assert.match(told, /^150 days, upper end of 90\s%$/);
      const before = visit.projections.length;

      await page.mouse.move(x, y);
      await page.mouse.down();
      // To and fro at every frame, as no test can from outside on a busy machine, until the answer to some value on the way is there.
      const isAnswered = await handle.evaluate((element, from) => new Promise((resolve) => {
        const until = performance.now() + from.patience;
        let step = 0;
        const move = () => {
          if (globalThis.shown.some(({standing, isStale}) => standing === '10,000 paths' && !isStale)) {
            resolve(true);
            return;
          }
          if (performance.now() > until) {
            resolve(false);
            return;
          }
          const place = {clientX: from.x + 10 + (step++ % 30), clientY: from.y, pointerId: 1, bubbles: true};
          element.ownerSVGElement.dispatchEvent(new PointerEvent('pointermove', place));
          requestAnimationFrame(move);
        };
        move();
      }), {x, y, patience});
      assert.ok(isAnswered, 'an answer of 10,000 paths while it is dragged');
      await page.mouse.move(x + 50, y);
      await page.mouse.up();
      await visit.done();

      const asked = visit.projections.slice(before);
      assert.deepEqual([...new Set(asked.map(({seed}) => seed))], [1], 'the same seed, so that the picture does not jump');
      const dragged = asked.filter(({paths}) => paths === 10_000);
      assert.ok(dragged.length >= 2 && dragged.every(({finalOnly}) => finalOnly), `${dragged.length} requests while it was dragged`);
      assert.ok(new Set(dragged.map(({overrides}) => overrides.rotation_interval_days)).size >= 2, 'each with the value of its time');
      assert.deepEqual(await visit.askedTooEarly(), [], 'one request at a time');
      const field = page.getByRole('textbox', {name: 'Gap between arrivals, as a text'});
      const atRest = asked.filter(({paths}) => paths === 1_000_000).at(-1);
      assert.deepEqual(atRest.overrides, {rotation_interval_days: await field.inputValue()}, 'the latest value wins');
      assert.notEqual(await handle.getAttribute('aria-valuetext'), told);
      assert.notEqual(await visit.answer.innerText(), headline, 'another answer');
      await visit.untilColoured(true);

      await page.getByRole('button', {name: /^Back to/}).click();
      await visit.until((wanted) => document.querySelector('main h1').innerText === wanted, headline);
    }));

  test('that breaks a rule is refused at its field, in the words of the service, and its mend mends it', () =>
    visiting(house.browser, house.service.address, {}, async (visit) => {
      const {page} = visit;
      await visit.done();
      const headline = await visit.answer.innerText();
      const text = 'normal(10 to 150)';
      const {violation, mends: [mend]} = await refusal(house.service, {rotation_interval_days: text});
      const [, path, words] = /^(\S+) of the scenario: (.*)$/s.exec(violation.description);

      const field = page.getByRole('textbox', {name: 'Gap between arrivals, as a text'});
      await field.fill(text);
      const row = page.locator('.row').filter({has: field});
      await row.getByRole('alert').waitFor();
      assert.equal((await row.getByRole('alert').innerText()).trim(), words.replace(/"([^"]+)"/g, '“$1”'));
      assert.equal(await row.locator('code').innerText(), path);
      assert.equal(await field.getAttribute('aria-invalid'), 'true');
      assert.match(await visit.bar.innerText(), /1 assumption needs mending/);
      await visit.untilColoured(false);
      assert.equal(await visit.answer.innerText(), headline, 'the old answer stands');
      assert.match(await page.getByRole('main').innerText(), /The answer below is for a gap of 60 to 150\sdays, log-normal\./);

      await row.getByRole('button', {name: mend.label, exact: true}).click();
      await visit.done();
      await visit.untilColoured(true);
      assert.equal(await page.getByRole('alert').filter({visible: true}).count(), 0);
      assert.equal(await field.inputValue(), mend.text);
      assert.notEqual(await visit.answer.innerText(), headline);
    }));

  test('of an event asks at once, and undo takes it back', () =>
    visiting(house.browser, house.service.address, {}, async (visit) => {
      const {page} = visit;
      await visit.done();
      const headline = await visit.answer.innerText();
      const event = page.getByRole('switch', {name: 'Beijing uses its leverage'});
      assert.equal(await event.getAttribute('aria-checked'), 'false');
      await event.click();
      assert.equal(await event.getAttribute('aria-checked'), 'true');
      await visit.until((old) => document.querySelector('main h1').innerText !== old, headline);
      await visit.done();
      assert.deepEqual(visit.projections.filter(({paths}) => paths === 1_000_000).at(-1).overrides, {'events.beijing-leverage.disabled': 'false'});
      await page.keyboard.press('Control+z');
      await visit.until((old) => document.querySelector('main h1').innerText === old, headline);
      assert.equal(await event.getAttribute('aria-checked'), 'false');
    }));
});
