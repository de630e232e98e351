import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {visiting} from './browser.mjs';

// The rules of the design, written here once more, for a page that shares code with its own test could only agree with itself.

const whole = (value) => Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, ',');

/** The place that an error is rounded up to: that of its first figure; of its second, where two figures begin with 1. */
function placeOf(error) {
  const first = Number(error.toExponential(15).split('e')[1]);
  return Math.ceil(error / 10 ** (first - 1)) < 20 ? first - 1 : first;
}

/** The 95 % half-width to its place, and the value to the same. */
function withError(value, standardError) {
  const half = 1.96 * standardError;
  if (half === 0) return `${whole(value)} exact`;
  const step = 10 ** Math.max(0, placeOf(half));
  return `${whole(Math.round(value / step) * step)} ± ${whole(Math.ceil(half / step) * step)}`;
}

/** The same for a share in per cent, with Wilson's interval for its error. */
function shareWithError(share, paths) {
  if (share === 0 || share === 1) return share === 0 ? 'none' : 'all';
  const z2 = 1.96 ** 2;
  const half = (100 * 1.96 / (1 + z2 / paths)) * Math.sqrt((share * (1 - share)) / paths + z2 / (4 * paths ** 2));
  const decimals = Math.max(0, -placeOf(half));
  return `${(100 * share).toFixed(decimals)} ± ${(Math.ceil(half * 10 ** decimals) / 10 ** decimals).toFixed(decimals)}`;
}

/** Whole per cent; one decimal below 1 and above 99. For shares that so many paths know well. */
const perCent = (share) => `${(100 * share).toFixed(share < 0.01 || share > 0.99 ? 1 : 0)} %`;

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const inText = ({year, month, day}) => `${day} ${months[month - 1]} ${year}`;
const inCharts = ({year, month, day}) => `${day} ${months[month - 1].slice(0, 3)} ${year}`;

/** Text as it is read: no-break spaces are spaces. */
const read = (text) => text.replaceAll(/\s+/g, ' ').trim();

export default (house) => describe('Figures', () => {
  test('of the page are those of the API, rounded by the rules', async () => {
    let address;
    await visiting(house.browser, house.service.address, {}, async (visit) => {
      await visit.done();
      address = await visit.page.getByRole('link', {name: /projections\//}).getAttribute('href');
    });
    const kept = await house.service.get(`/v1${address}`);
    const paths = Number(kept.paths);
    const end = kept.points.at(-1);
    const levels = end.cumulative.quantiles.map((value, i) => withError(value, end.cumulative.quantileStandardErrors[i] ?? 0));

    await visiting(house.browser, `${house.service.address}${address}`, {}, async (visit) => {
      await visit.done();
      const {page} = visit;
      assert.equal(await visit.answer.innerText(), kept.headline.replaceAll('**', ''));
      assert.ok((await page.getByRole('main').innerText()).includes(kept.consequence.replaceAll('**', '')), kept.consequence);

      const precision = read(await page.getByRole('region', {name: 'Precision'}).innerText());
      assert.ok(precision.includes(`Paths ${whole(paths)}`), precision);
      assert.ok(precision.includes(`Median is sharp to ${levels[2].replace(/^[\d,]+ /, '')}`), precision);
      assert.ok(precision.includes(`Seed ${kept.seed}`), precision);

      await visit.fan.focus();
      await page.keyboard.press('End');
      const readOut = read(await visit.fan.textContent());
      assert.ok(readOut.includes(inText(end.date)), readOut);
      for (const level of levels) assert.ok(readOut.includes(level.replace(' ± ', '± ').replace(' exact', 'exact')), `${level} in ${readOut}`);
      const mean = withError(end.cumulative.mean, end.cumulative.meanStandardError).replace(' ± ', '± ');
      assert.ok(readOut.includes(mean), `${mean} in ${readOut}`);

      const [threshold] = kept.thresholds;
      const passages = read(await page.getByRole('img', {name: /never within the horizon/}).getAttribute('aria-label'));
      const even = threshold.firstPassage.find(({level}) => level === 0.5);
      assert.equal(passages, `${whole(threshold.count)}: even chance by ${inText(even.date)}; ${perCent(1 - threshold.reachedProbability)} never within the horizon. `
        + `The ceiling of 100,000: 1 in 20 by ${inText(kept.cap.firstPassage.find(({level}) => level === 0.05).date)}; ${perCent(1 - kept.cap.reachedProbability)} never within the horizon.`);
      const yardstick = read(await page.getByRole('img', {name: /^Chances in words/}).getAttribute('aria-label'));
      for (const {reachedInWords} of [threshold, kept.cap]) assert.ok(yardstick.includes(read(reachedInWords)), `${reachedInWords} in ${yardstick}`);

      await page.getByRole('button', {name: 'Table'}).click();
      const table = page.getByRole('table').filter({hasText: 'Mean'});
      const cells = await table.locator('tbody tr').evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.innerText)));
      assert.deepEqual(cells.map((row) => row.map(read)), kept.points.map(({date, cumulative}, index) => [
        inCharts(date),
        ...cumulative.quantiles.map((value, i) => withError(value, cumulative.quantileStandardErrors[i])),
        withError(cumulative.mean, cumulative.meanStandardError),
        shareWithError(threshold.reachedProbabilityByPoint[index], paths),
        shareWithError(kept.cap.reachedProbabilityByPoint[index], paths),
      ]));
    });
  });

  test('of an event are those of the projection with it in play', () =>
    visiting(house.browser, house.service.address, {}, async (visit) => {
      await visit.done();
      const row = visit.page.locator('.event').filter({has: visit.page.getByRole('switch', {name: 'Beijing uses its leverage'})});
      await row.getByText(/If on: the chance of the ceiling falls from/).waitFor();
      const {ok, body} = await house.service.ask('POST', '/v1/projections:project', {
        scenario_name: 'scenarios/dprk-rotation', overrides: {'events.beijing-leverage.disabled': 'false'}, paths: '200000', seed: '1', final_only: true,
      });
      assert.ok(ok);
      const {cap, events} = body.projection;
      const {probability} = events.find(({eventId}) => eventId === 'beijing-leverage');
      const text = read(await row.innerText());
      assert.ok(text.includes(`so ${perCent(probability)} by 17 November 2026`), text);
      assert.ok(text.includes(`to ${perCent(cap.reachedProbability)}`), text);
    }));
});
