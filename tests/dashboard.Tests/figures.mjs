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

/** The same for a share in per cent, with the distance to the further end of Wilson's interval for its error. */
function shareWithError(share, paths) {
  if (share === 0 || share === 1) return share === 0 ? 'none' : 'all';
  const z2 = 1.96 ** 2;
  const width = (1.96 / (1 + z2 / paths)) * Math.sqrt((share * (1 - share)) / paths + z2 / (4 * paths ** 2));
  const centre = (share + z2 / (2 * paths)) / (1 + z2 / paths);
  const half = 100 * Math.max(centre + width - share, share - (centre - width));
  const decimals = Math.max(0, -placeOf(half));
  return `${(100 * share).toFixed(decimals)} ± ${(Math.ceil(half * 10 ** decimals) / 10 ** decimals).toFixed(decimals)}`;
}

/** Whole per cent; one decimal below 1 and above 99. For shares that so many paths know well. */
const perCent = (share) => `${(100 * share).toFixed(share < 0.01 || share > 0.99 ? 1 : 0)} %`;

/** In the words of ICD 203; a boundary takes the more modest word. */
function word(share) {
  const points = share < 0.01 || share > 0.99 ? 100 * share : Math.round(100 * share);
  return points < 5 ? 'almost no chance' : points < 20 ? 'very unlikely' : points < 45 ? 'unlikely' : points <= 55 ? 'roughly even'
    : points <= 80 ? 'likely' : points <= 95 ? 'very likely' : 'almost certain';
}

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const inText = ({year, month, day}) => `${day} ${months[month - 1]} ${year}`;
const inCharts = ({year, month, day}) => `${day} ${months[month - 1].slice(0, 3)} ${year}`;

/** Text as it is read: no-break spaces are spaces. */
const read = (text) => text.replaceAll(/\s+/g, ' ').trim();

const spoken = (text) => read(text.replaceAll('**', ''));

/** The ends of nine in ten of a PERT distribution, by adding up its density; to the third figure of the larger. */
function pertEnds({min, mode, max}) {
  const [alpha, beta] = [1 + 4 * (mode - min) / (max - min), 1 + 4 * (max - mode) / (max - min)];
  const slices = 100_000;
  const weights = Array.from({length: slices}, (_, i) => ((i + 0.5) / slices) ** (alpha - 1) * (1 - (i + 0.5) / slices) ** (beta - 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const [low, high] = [0.05, 0.95].map((share) => {
    let left = total * share;
    return min + (max - min) * weights.findIndex((weight) => (left -= weight) <= 0) / slices;
  });
  const step = 10 ** (Math.floor(Math.log10(high)) - 2);
  return [low, high].map((value) => whole(Math.round(value / step) * step));
}

/** Every text of the page that has a figure in it: what is read, what is drawn, and what those hear who do not see. */
function figuresShown() {
  const hasFigure = (text) => /\d/.test(text);
  const blocks = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    let block = node.parentElement;
    if (block.closest('svg, select, script') || !block.checkVisibility()) continue;
    while (/^inline(-block)?$|^contents$/.test(getComputedStyle(block).display)) block = block.parentElement;
    blocks.set(block, (blocks.get(block) ?? '') + node.data);
  }
  const drawn = [...document.querySelectorAll('svg')].filter((svg) => svg.checkVisibility()).map((svg) => ({
    kind: svg.classList[0] ?? 'yardstick',
    texts: [...svg.querySelectorAll('text')].map((text) => ({
      text: [...text.childNodes].map((part) => part.textContent.trim()).filter(Boolean).join(' '), x: text.x.baseVal[0]?.value, y: text.y.baseVal[0]?.value,
    })).filter(({text}) => hasFigure(text)),
  }));
  return {
    read: [...blocks.values(), ...[...document.querySelectorAll('input[type=text]')].map(({value}) => value)].filter(hasFigure),
    drawn: drawn.filter(({texts}) => texts.length > 0),
    heard: [...document.querySelectorAll('[aria-label], [aria-valuetext]')].flatMap((element) => [element.ariaLabel, element.getAttribute('aria-valuetext')]).filter((text) => text && hasFigure(text)),
    levels: [...document.querySelectorAll('svg.fan .at-level, svg.fan .at-median')].map((dot) => dot.cy.baseVal.value),
    crosshair: document.querySelector('svg.fan .crosshair')?.x1.baseVal.value,
  };
}

/** Where a value stands on a scale that two of its ticks give. */
const between = ([value1, place1], [value2, place2]) => (value) => place1 + (place2 - place1) * (value - value1) / (value2 - value1);

function assertNear(actual, expected, what) {
  assert.ok(Math.abs(actual - expected) < 0.7, `${what}: ${actual}, not ${expected}`);
}

const sorted = (texts) => texts.map(read).sort();

const day = ({year, month, day: date}) => Date.UTC(year, month - 1, date) / 86_400_000;

const scenario = 'scenarios/dprk-rotation';

async function projected(service, overrides, more = {}) {
  const {ok, body} = await service.ask('POST', '/v1/projections:project', {scenario_name: scenario, overrides, seed: '1', final_only: true, ...more});
  assert.ok(ok, JSON.stringify(body));
  return body.projection;
}

/** The chance of reaching the ceiling with an event in play, from as many paths as the page takes for it. */
const withEvent = (service, id) => projected(service, {[`events.${id}.disabled`]: 'false'}, {paths: '200000'});

export default (house) => describe('Figures', () => {
  test('of the page, every one, are those of the API, rounded by the rules', async () => {
    let address;
    await visiting(house.browser, house.service.address, {}, async (visit) => {
      await visit.done();
      address = await visit.page.getByRole('link', {name: /projections\//}).getAttribute('href');
    });
    const kept = await house.service.get(`/v1${address}`);
    const paths = Number(kept.paths);
    const end = kept.points.at(-1);
    const index = kept.points.findIndex(({date}) => inCharts(date) === '16 Aug 2026');
    const slice = kept.points[index];
    const [threshold] = kept.thresholds;
    const {cap} = kept;
    const {initialCount, rotationIntervalDays, batchSize, cap: ceiling} = kept.scenario.assumptions;
    const [initial, limit] = [initialCount.distribution.constant, ceiling.distribution.constant];
    const gap = rotationIntervalDays.distribution.logNormal.interval;
    const factor = rotationIntervalDays.pathFactor.logNormal.interval;
    const batch = batchSize.distribution.pert;
    const [beijing, seoul] = kept.scenario.events;
    const levels = end.cumulative.quantiles.map((value, i) => withError(value, end.cumulative.quantileStandardErrors[i]));
    const dateAt = (passage, wanted) => passage.firstPassage.find(({level}) => level === wanted).date;
    const horizon = inText(end.date);

    // The sentence has two figures of the median, and all its counts to their place; none of these errors is half of that place.
    const [low, , median] = end.cumulative.quantiles;
    const place = 10 ** (Math.floor(Math.log10(median)) - 1);
    assert.ok(end.cumulative.quantileStandardErrors.every((error) => 1.96 * error < place / 2));
    const toPlace = (value) => whole(Math.round(value / place) * place);
    const headline = `By ${horizon} about ${toPlace(median)} troops will have been sent in total, very likely (95 %) more than ${toPlace(low)}; `
      + `passing ${whole(threshold.count)} is ${word(threshold.reachedProbability)} (${perCent(threshold.reachedProbability)}), `
      + `reaching the ceiling of ${whole(limit)} ${word(cap.reachedProbability)} (${perCent(cap.reachedProbability)}).`;
    // When the fastest 1 in 100 get there lies between two dates of the grid; where, the page takes from the service's sentence.
    const fastest = /the fastest 1 in 100 get there by (\d+ \w+ \d+)/.exec(kept.consequence)[1];
    const after = kept.points.findIndex(({date}) => day(date) >= Date.parse(`${fastest} UTC`) / 86_400_000);
    assert.ok(cap.reachedProbabilityByPoint[after - 1] <= 0.01 && cap.reachedProbabilityByPoint[after] >= 0.01, fastest);
    assert.ok(cap.earliestDay > 365, 'none within a year');
    const consequence = `${whole(limit)} within a year happens in none of ${whole(paths)} futures; the fastest 1 in 100 get there by ${fastest}. `
      + `All along, ${whole(initial)} are present at any one time: as many leave as arrive.`;
    assert.deepEqual([spoken(kept.headline), spoken(kept.consequence)], [headline, consequence], 'in the service’s own sentences');

    const chances = {
      [beijing.eventId]: await withEvent(house.service, beijing.eventId),
      [seoul.eventId]: await withEvent(house.service, seoul.eventId),
    };
    const happens = chances[beijing.eventId].events.find(({eventId}) => eventId === beijing.eventId).probability;
    // Of the ceiling and the count, that whose chance the event moves most.
    const ifOn = (event) => {
      const [what, from, to] = [['the ceiling', cap.reachedProbability, chances[event.eventId].cap.reachedProbability],
        [`passing ${whole(threshold.count)}`, threshold.reachedProbability, chances[event.eventId].thresholds[0].reachedProbability]]
        .sort(([, before, after], [, earlier, later]) => Math.abs(later - earlier) - Math.abs(after - before))[0];
      return `If on: the chance of ${what} ${to > from ? 'rises' : 'falls'} from ${perCent(from)} to ${perCent(to)}.`;
    };
    const short = address.replace(/^\/(projections\/.{4}).*(.{4})$/, '$1…$2');
    const rangeOf = ({low: from, high: to}) => `${from} to ${to}`;
    const claims = ({evidence}) => evidence.filter(({claim}) => /\d/.test(claim)).map(({source, claim}) => `${source}: ${claim} Given without a range.`);
    const inReadOut = (value, error) => {
      const [figure, ...words] = withError(value, error).split(' ');
      return [figure, words.join(' ')];
    };
    const readOut = [...slice.cumulative.quantiles.map((value, i) => inReadOut(value, slice.cumulative.quantileStandardErrors[i])),
      inReadOut(slice.cumulative.mean, slice.cumulative.meanStandardError)];
    const odds = ['1 in 20 below', '1 in 4 below', 'even chance', '1 in 4 above', '1 in 20 above'];
    const atSlice = kept.histograms.find((histogram) => histogram.day === slice.day);
    const all = atSlice.counts.reduce((sum, bin) => sum + Number(bin), 0);
    const row = (passage) => `${perCent(passage.reachedProbabilityByPoint[index])} ${word(passage.reachedProbabilityByPoint[index])}`;
    const dates = ['Jan 2025', 'Jan 2026'];

    await visiting(house.browser, `${house.service.address}${address}?at=2026-08-16`, {}, async (visit) => {
      await visit.done();
      await visit.until(() => document.querySelector('.events') && !document.querySelector('.events [aria-busy=true]'));
      await visit.until(() => document.querySelector('[aria-live=polite]')?.textContent);
      const {page} = visit;
      const shown = await page.evaluate(figuresShown);
      const drawn = Object.fromEntries(shown.drawn.map(({kind, texts}) => [kind, texts]));
      const told = (kind) => sorted(drawn[kind].map(({text}) => text));

      assert.deepEqual(sorted(shown.read), sorted([
        `${whole(paths)} paths, done`,
        `Projection from ${inText(kept.scenario.startDate)}, if the assumptions at right hold`, headline, ...consequence.split(/(?<=\.) (?=[A-Z])/),
        headline,
        `Already there on ${inText(kept.scenario.startDate)}`, whole(initial), ...claims(initialCount),
        `${rangeOf(gap)} days ${gap.probability * 100} %`, rangeOf(gap),
        `Each gap is drawn anew. A future’s typical gap is itself uncertain: × ${factor.low} to × ${factor.high} (${factor.probability * 100} %).`,
        `${whole(batch.min)} to ${whole(batch.max)}`, `most often ${whole(batch.mode)}`,
        whole(limit), ...claims(ceiling),
        `${inText(kept.scenario.startDate)} to ${horizon}`,
        `${beijing.timing.hazardPerYear} a year, so ${perCent(happens)} by ${horizon}. From then on no batch comes. ${ifOn(beijing)}`,
        `${seoul.timing.probabilityWithinHorizon * 100} % by ${horizon}. Gaps × ${seoul.effects.intervalFactor} and batches × ${seoul.effects.batchSizeFactor} from then on. ${ifOn(seoul)}`,
        whole(paths), `± ${levels[2].split(' ± ')[1]} troops`, String(kept.seed), ...[short, address.slice(1)].filter((name) => /\d/.test(name)),
        `ICD 203 yardstick, by ${horizon}`,
        '± is the error of computing, 95 %, and shrinks with more paths. The bands are what the assumptions leave open, and do not.',
      ]));

      assert.deepEqual(told('fan'), sorted([
        '0', '25,000', '50,000', '75,000', '100,000', ...dates,
        ...levels.slice(0, 4).map((level, i) => `${level.split(' ')[0]} ${odds[i]}`), `${whole(limit)} ${perCent(cap.reachedProbability)} end here`,
        `Ceiling ${whole(limit)} : up to 100,000 may be deployed`,
        `Present at any one time: ${whole(initial)} , as many leave as arrive`,
        inText(slice.date), `day ${slice.day}`, inCharts(slice.date),
        ...readOut.flat().filter((text) => /\d/.test(text)), ...odds.filter((words) => /\d/.test(words)),
        `${perCent(Number(atSlice.counts.at(-1)) / all)} at the ceiling`,
      ]));
      // Each figure of the read-out beside the words for it.
      const inOrder = read(await visit.fan.evaluate((fan) => [...fan.querySelectorAll('.read-out text')].map((text) => text.textContent).join(' ')));
      const lines = [...odds].reverse().map((words, i) => `${words[0].toUpperCase()}${words.slice(1)} ${readOut[4 - i].join(' ')}`);
      assert.equal(inOrder, `${inText(slice.date)} day ${slice.day} ${lines.join(' ')} Mean ${readOut[5].join(' ')}`);

      assert.deepEqual(told('passages'), sorted([
        ...dates, '100 %', '50 %', '100 %', '50 %', `${whole(threshold.count)} threshold`, `${whole(limit)} the ceiling`,
        `even chance by ${inCharts(dateAt(threshold, 0.5))}`, `1 in 20 by ${inCharts(dateAt(cap, 0.05))}`,
        `${row(threshold)} by ${inCharts(slice.date)}`, row(cap),
        `${perCent(1 - threshold.reachedProbability)} never within the horizon`, `${perCent(1 - cap.reachedProbability)} never`,
      ]));
      assert.deepEqual(told('yardstick'), sorted([`${whole(limit)} ${perCent(cap.reachedProbability)}`, `${whole(threshold.count)} ${perCent(threshold.reachedProbability)}`]));
      assert.deepEqual(sorted(shown.drawn.filter(({kind}) => kind === 'distribution-thumb').flatMap(({texts}) => texts.map(({text}) => text))),
        sorted([whole(initial), whole(limit), ...pertEnds(batch)]));
      assert.deepEqual(told('distribution-plot').filter((text) => [`${gap.probability * 100} %`, `${gap.low}`, `${gap.high}`].includes(text)).length, 3, 'the ends and what lies between them');
      assert.deepEqual(sorted(shown.drawn.map(({kind}) => kind)), sorted(['fan', 'passages', 'yardstick', 'distribution-plot', 'distribution-thumb', 'distribution-thumb', 'distribution-thumb']));

      const ends = gap.probability * 100;
      assert.deepEqual(sorted(shown.heard), sorted([
        headline,
        `${whole(threshold.count)}: even chance by ${inText(dateAt(threshold, 0.5))}; ${perCent(1 - threshold.reachedProbability)} never within the horizon. `
          + `The ceiling of ${whole(limit)}: 1 in 20 by ${inText(dateAt(cap, 0.05))}; ${perCent(1 - cap.reachedProbability)} never within the horizon.`,
        `Chances in words. ${whole(limit)}: ${word(cap.reachedProbability)} (${perCent(cap.reachedProbability)}); ${whole(threshold.count)}: ${word(threshold.reachedProbability)} (${perCent(threshold.reachedProbability)}).`,
        `Edit the number already there: ${whole(initial)}`, `Edit the size of a batch: ${whole(batch.min)} to ${whole(batch.max)} most often ${whole(batch.mode)}`,
        `Edit the ceiling: ${whole(limit)}`, `Edit the time: ${inText(kept.scenario.startDate)} to ${horizon}`,
        `Lower end of ${ends} %`, `Upper end of ${ends} %`, `${gap.low} days, lower end of ${ends} %`, `${gap.high} days, upper end of ${ends} %`,
      ]));

      // What is drawn stands where its figure says: on the scale of the ticks.
      const at = (kind, text, axis) => drawn[kind].find((one) => one.text === text)[axis];
      const count = between([0, at('fan', '0', 'y')], [100_000, at('fan', '100,000', 'y')]);
      for (const tick of ['25,000', '50,000', '75,000']) assertNear(at('fan', tick, 'y'), count(Number(tick.replace(',', ''))), tick);
      slice.cumulative.quantiles.forEach((value, i) => assertNear(shown.levels[i], count(value), `${odds[i]}, drawn`));
      const when = between(...dates.map((text) => [day({year: Number(text.slice(4)), month: 1, day: 1}), at('passages', text, 'x')]));
      assertNear(shown.crosshair, when(day(slice.date)), 'the crosshair');
      const days = between(...[gap.low, gap.high].map((value) => [Math.log(value), at('distribution-plot', `${value}`, 'x')]));
      for (const {text, x} of drawn['distribution-plot'].filter((one) => /^\d+$/.test(one.text))) assertNear(x, days(Math.log(Number(text))), `${text} days`);

      await visit.fan.focus();
      await page.keyboard.press('Escape');
      await visit.until(() => !document.querySelector('svg.fan .crosshair'));
      const atHorizon = (await page.evaluate(figuresShown)).drawn.find(({kind}) => kind === 'passages').texts.map(({text}) => read(text));
      const inWords = ({reachedProbability}) => `${perCent(reachedProbability)} ${word(reachedProbability)}`;
      for (const words of [`${inWords(threshold)} by ${inCharts(end.date)}`, inWords(cap)]) assert.ok(atHorizon.includes(words), `${words} in ${atHorizon}`);

      await page.getByRole('button', {name: 'Table'}).click();
      const table = page.getByRole('table').filter({hasText: 'Mean'});
      const cells = await table.locator('tbody tr').evaluateAll((rows) => rows.map((one) => [...one.cells].map((cell) => cell.innerText)));
      assert.deepEqual(cells.map((one) => one.map(read)), kept.points.map(({date, cumulative}, i) => [
        inCharts(date),
        ...cumulative.quantiles.map((value, level) => withError(value, cumulative.quantileStandardErrors[level])),
        withError(cumulative.mean, cumulative.meanStandardError),
        shareWithError(threshold.reachedProbabilityByPoint[i], paths),
        shareWithError(cap.reachedProbabilityByPoint[i], paths),
      ]));
      assert.deepEqual((await table.locator('thead th').allInnerTexts()).map(read), [
        'Date', ...odds.map((words) => words[0].toUpperCase() + words.slice(1)), 'Mean', `${whole(threshold.count)} reached`, `${whole(limit)} reached`,
      ]);
    });
  });

  test('of a phone, and of a value that the reader gave, are those of the API', () =>
    visiting(house.browser, `${house.service.address}/#batch_size=8000`, {width: 390, height: 844, hasTouch: true}, async (visit) => {
      await visit.done();
      const {points, cap, thresholds: [threshold]} = await projected(house.service, {batch_size: '8000'}, {paths: '1000000'});
      const {page} = visit;
      const rows = await page.locator('.read-out-table tbody tr').evaluateAll((all) => all.map((one) => [...one.cells].map((cell) => cell.innerText)));
      const {quantiles, quantileStandardErrors} = points.at(-1).cumulative;
      assert.deepEqual(rows.map((one) => one.map(read)), [
        ['1 in 20 above', 4], ['1 in 4 above', 3], ['Even chance', 2], ['1 in 4 below', 1], ['1 in 20 below', 0],
      ].map(([words, i]) => [words, withError(quantiles[i], quantileStandardErrors[i])]));
      const sentences = read(await page.getByRole('img', {name: /never within the horizon/}).getAttribute('aria-label'));
      for (const {reachedProbability} of [threshold, cap]) assert.ok(sentences.includes(`${perCent(1 - reachedProbability)} never within`), sentences);
      assert.equal(await page.getByRole('button', {name: /^Edit the size of a batch/}).innerText(), '8,000');
    }));
});
