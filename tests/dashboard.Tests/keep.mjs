import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {describe, test} from 'node:test';
import {patience, visiting} from './browser.mjs';

/** What a page says: its sentences, and the figures of its charts and tables. */
const said = (visit) => visit.page.getByRole('main').evaluate((main) => [
  main.querySelector('h1').innerText, main.querySelector('.consequence').innerText,
  ...[...main.querySelectorAll('svg')].map((svg) => svg.textContent), ...[...main.querySelectorAll('svg')].map((svg) => svg.getAttribute('aria-label')),
]);

const textbox = (visit) => visit.page.getByRole('textbox', {name: 'Gap between arrivals, as a text'});

async function edit(visit, text) {
  const old = await visit.answer.innerText();
  await textbox(visit).fill(text);
  await textbox(visit).press('Enter');
  await visit.until((before) => document.querySelector('main h1').innerText !== before, old);
  await visit.done();
}

const openMenu = (visit, label) => visit.bar.locator('summary').filter({hasText: label}).click();

async function saved(visit, label) {
  await openMenu(visit, 'Export');
  const [download] = await Promise.all([visit.page.waitForEvent('download', {timeout: patience}), visit.page.getByRole('button', {name: label}).click()]);
  return readFile(await download.path());
}

export default (house) => describe('What is kept', () => {
  test('a shared link opens the same view with the same figures, also once the service has restarted', async () => {
    const options = {permissions: ['clipboard-read', 'clipboard-write']};
    let link, figures;
    await visiting(house.browser, `${house.service.address}/?at=2026-02-01&counts=75000&show=present,futures`, options, async (visit) => {
      await visit.done();
      await edit(visit, '45 to 120');
      await visit.bar.getByRole('button', {name: 'Share'}).click();
      await visit.page.getByText('Link copied').waitFor();
      link = await visit.page.evaluate(() => navigator.clipboard.readText());
      figures = await said(visit);
    });
    assert.match(link, /\/projections\/[a-z2-7]{32}\?at=2026-02-01&show=present,futures$/);
    await house.service.end();
    await house.service.start();
    await visiting(house.browser, link, {}, async (visit) => {
      await visit.done();
      assert.deepEqual(await said(visit), figures);
      assert.equal(await visit.page.getByRole('checkbox', {name: 'Sample futures'}).isChecked(), true);
      assert.deepEqual(visit.projections.filter(({paths}) => paths === 1_000_000), [], 'they are not computed again');
      assert.equal(await textbox(visit).inputValue(), '45 to 120');
    });
  });

  test('a link keeps its seed, also for what is asked from there', async () => {
    const {ok, body} = await house.service.ask('POST', '/v1/projections:project', {scenario_name: 'scenarios/dprk-rotation', seed: '7', paths: '50000', final_only: true});
    assert.ok(ok, JSON.stringify(body));
    await visiting(house.browser, `${house.service.address}/${body.projection.name}`, {}, async (visit) => {
      await visit.done('50,000');
      const precision = () => visit.page.getByRole('region', {name: 'Precision'}).innerText();
      assert.match(await precision(), /Seed\s+7\n/);
      assert.equal(await visit.answer.innerText(), body.projection.headline.replaceAll('**', ''));
      await edit(visit, '45 to 120');
      const asked = visit.projections.filter(({overrides}) => overrides.rotation_interval_days === '45 to 120');
      assert.ok(asked.length > 0 && asked.every(({seed}) => seed === 7), JSON.stringify(visit.projections));
      assert.match(await precision(), /Seed\s+7\n/);
    });
  });

  test('back takes a view back, and an edit', () =>
    visiting(house.browser, house.service.address, {}, async (visit) => {
      const {page} = visit;
      await visit.done();
      const headline = await visit.answer.innerText();
      await page.getByRole('button', {name: 'Table'}).click();
      await page.getByRole('table').filter({hasText: 'Mean'}).waitFor();
      await page.goBack();
      await visit.fan.waitFor();
      assert.equal(await page.getByRole('table').filter({hasText: 'Mean'}).count(), 0);
      await edit(visit, '45 to 120');
      await page.goBack();
      await visit.until((wanted) => document.querySelector('main h1').innerText === wanted, headline);
      assert.equal(await textbox(visit).inputValue(), '60 to 150');
      await page.goForward();
      await visit.until((wanted) => document.querySelector('main h1').innerText !== wanted, headline);
      assert.equal(await textbox(visit).inputValue(), '45 to 120');
    }));

  test('a changed scenario is saved as one of its own, then revised; of two who revise it, one is told', async () => {
    const id = 'kept-by-a-reader';
    await visiting(house.browser, house.service.address, {}, async (visit) => {
      await visit.done();
      await edit(visit, '45 to 120');
      await openMenu(visit, 'Save');
      await visit.page.getByRole('textbox', {name: /name$/}).fill('Kept by a reader');
      await visit.page.getByRole('button', {name: 'Save as new'}).click();
      await visit.until((wanted) => location.search === `?scenario=${wanted}`, id);
      await visit.done();
      const interval = async () => {
        const {logNormal} = (await house.service.get(`/v1/scenarios/${id}`)).assumptions.rotationIntervalDays.distribution;
        return [logNormal.interval.low, logNormal.interval.high];
      };
      assert.deepEqual(await interval(), [45, 120]);

      await visiting(house.browser, `${house.service.address}/?scenario=${id}`, {}, async (other) => {
        await other.done();
        await edit(visit, '50 to 130');
        await openMenu(visit, 'Save');
        await visit.page.getByRole('button', {name: 'Save as a revision'}).click();
        await visit.page.getByRole('button', {name: 'Save as a revision'}).waitFor({state: 'hidden'});
        assert.deepEqual(await interval(), [50, 130]);

        await edit(other, '70 to 140');
        await openMenu(other, 'Save');
        await other.page.getByRole('button', {name: 'Save as a revision'}).click();
        const conflict = await other.page.getByRole('alert').filter({visible: true}).innerText();
        assert.match(conflict, /Somebody else has changed this scenario/, 'Mend: a conflict in words');
        assert.doesNotMatch(conflict, /etag|"/);
        assert.deepEqual(await interval(), [50, 130], 'nothing is lost');
        await other.page.getByRole('button', {name: 'Open the newest revision'}).click();
        await other.until(() => document.querySelector('#edit-rotation_interval_days')?.value === '50 to 130');
        await other.done();
      });
    });
    const {scenarios: revisions} = await house.service.get(`/v1/scenarios/${id}:listRevisions`);
    assert.equal(revisions.length, 2);
  });

  test('Mend: exports: CSV has every figure of the API, SVG and PNG are pictures that say what they are of', () =>
    visiting(house.browser, house.service.address, {}, async (visit) => {
      await visit.done();
      const name = await visit.page.getByRole('link', {name: /projections\//}).getAttribute('href');
      const kept = await house.service.get(`/v1${name}`);

      const lines = (await saved(visit, /^CSV/)).toString('utf8').replace(/^\ufeff/, '').trim().split('\r\n');
      const isRemark = (line) => /^"?#/.test(line);
      const [head, ...rows] = lines.filter((line) => !isRemark(line)).map((line) => line.split(','));
      const column = (title) => rows.map((row) => row[head.indexOf(title)]);
      const padded = (value) => String(value).padStart(2, '0');
      assert.deepEqual(column('date'), kept.points.map(({date}) => `${date.year}-${padded(date.month)}-${padded(date.day)}`));
      assert.deepEqual(column('mean').map(Number), kept.points.map(({cumulative}) => cumulative.mean));
      kept.quantileLevels.forEach((level, i) => assert.deepEqual(column(`quantile ${level}`).map(Number), kept.points.map(({cumulative}) => cumulative.quantiles[i])));
      assert.deepEqual(column('chance ceiling 100000').map(Number), kept.cap.reachedProbabilityByPoint);
      column('quantile 0.5 ±').forEach((half, index) => {
        const exact = 1.96 * kept.points[index].cumulative.quantileStandardErrors[2];
        assert.ok(Math.abs(Number(half) - exact) <= 1e-5 * exact, `${half}, ${exact}`);
      });

      assert.deepEqual(column('present mean').map(Number), kept.points.map(({present}) => present.mean));

      const svg = (await saved(visit, /^SVG/)).toString('utf8');
      const drawn = await visit.page.evaluate((text) => {
        const {documentElement} = new DOMParser().parseFromString(text, 'image/svg+xml');
        return {root: documentElement.localName, title: documentElement.querySelector('title')?.textContent, text: documentElement.textContent, paths: documentElement.querySelectorAll('path').length};
      }, svg);
      assert.equal(drawn.root, 'svg');
      assert.equal(drawn.title, kept.headline.replaceAll('**', ''));
      assert.ok(drawn.paths >= 5);
      const evidence = [...Object.values(kept.scenario.assumptions).flatMap((one) => one?.evidence ?? []), ...kept.scenario.events.flatMap((event) => event.evidence)];
      assert.ok(evidence.length >= 6);
      for (const [file, text] of [['CSV', lines.filter(isRemark).join(' ')], ['SVG', drawn.text]]) {
        const flat = text.replaceAll('""', '"').replaceAll(/\s+/g, ' ');
        for (const words of [
          `${kept.scenario.displayName}, revision 1`, 'Projection from 17 November 2024 to 17 November 2026', kept.name, '1,000,000 paths, seed 1', 'Written on',
          ...kept.scenario.events.map(({displayName}) => `Event: ${displayName}: off`),
        ]) assert.ok(flat.includes(words), `${words} in the ${file}: ${flat.slice(0, 1500)}`);
        // A long source is broken into lines, whose spaces a picture does not keep.
        for (const {claim} of evidence) assert.ok(flat.replaceAll(' ', '').includes(claim.replaceAll(/\s+/g, '')), `${claim} in the ${file}`);
      }
      assert.ok(drawn.text.includes('Light band: nine in ten.'));

      const png = await saved(visit, /^PNG/);
      assert.equal(png.subarray(1, 4).toString('latin1'), 'PNG');
      assert.equal(png.readUInt32BE(16), 2 * 1024, 'twice the width of the picture');
      const colours = await visit.page.evaluate(async (base64) => {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        const bitmap = await createImageBitmap(new Blob([bytes], {type: 'image/png'}));
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        const context = canvas.getContext('2d');
        context.drawImage(bitmap, 0, 0);
        return new Set(new Uint32Array(context.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer)).size;
      }, png.toString('base64'));
      assert.ok(colours > 20, `${colours} colours: a picture, not an empty sheet`);
    }));
});
