import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {visiting} from './browser.mjs';
import {away} from './states.mjs';

/** "1,000 of 1,000,000 paths, median ± 1,200" as numbers. */
function sharpness(standing) {
  const number = (text) => Number(text?.replaceAll(',', ''));
  const [, paths, half] = /^([\d,]+) of [\d,]+ paths, median ±\s([\d,]+)$/.exec(standing) ?? [];
  return {paths: number(paths), half: number(half)};
}

const sharpening = ({standing}) => / of /.test(standing);

export default (house) => describe('The stream', () => {
  test('sharpens: paths grow, the error shrinks, the picture is in colour', async () =>
    visiting(house.browser, await house.service.dense(), {}, async (visit) => {
      await visit.done();
      await visit.untilColoured(true);
      const shown = await visit.shown();
      const seen = shown.filter(sharpening).map(({standing}) => sharpness(standing));
      const paths = [...new Set(seen.map((one) => one.paths))];
      assert.ok(paths.length >= 2, `at least two snapshots before the last: ${paths}`);
      assert.deepEqual(paths, [...paths].sort((a, b) => a - b), 'paths only grow');
      assert.ok(seen.at(-1).half < seen[0].half, `the error shrinks: ${seen.map(({half}) => half)}`);
      assert.ok(shown.filter(sharpening).every(({isStale}) => !isStale), 'an answer that sharpens is current');
      assert.match(await visit.page.getByRole('region', {name: 'Precision'}).innerText(), /Paths\s+1,000,000/);
    }));

  test('when the service restarts in its midst, the page recovers by itself, and shows nothing old as new', async () =>
    visiting(house.browser, await house.service.dense(), {expected: away}, async (visit) => {
      await visit.until(() => document.querySelector('header')?.innerText.includes(' of 1,000,000 paths'));
      await house.service.end('SIGKILL');
      await visit.page.getByRole('status').filter({hasText: 'Connection lost'}).waitFor();
      await visit.untilColoured(false);
      await visit.page.getByText(/Trying again/).waitFor();
      assert.match(await visit.page.getByRole('main').innerText(), /Below is the answer of \d\d:\d\d:\d\d: [\d,]+ of 1,000,000 paths/);
      const lost = (await visit.shown()).length;

      await house.service.start();
      await visit.done();
      await visit.untilColoured(true);
      assert.equal(await visit.page.getByText('Connection lost').count(), 0);
      assert.ok(visit.requests.some((request) => request.url().endsWith('/grpc.health.v1.Health/Check')), 'Mend: its health was asked for');
      const since = (await visit.shown()).slice(lost);
      const first = since.findIndex(({isStale}) => !isStale);
      assert.match(since[first].standing, / of 1,000,000 paths|1,000,000 paths/, 'colour comes with a snapshot');
      assert.ok(since.slice(0, first).every(({standing}) => standing === 'Connection lost'), JSON.stringify(since));
    }));

  test('a service that is away when the page is opened is waited for', async () => {
    await visiting(house.browser, null, {expected: away}, async (visit) => {
      let isAway = true;
      await visit.page.route('**/scenarios.v1.*/**', (route) => (isAway ? route.abort('connectionrefused') : route.continue()));
      await visit.open(house.service.address);
      await visit.page.getByRole('status').filter({hasText: 'The service cannot be reached.'}).waitFor();
      isAway = false;
      await visit.done();
    });
  });
});
