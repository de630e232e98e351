import assert from 'node:assert/strict';

export const isProjection = '**/scenarios.v1.ProjectionService/Project';

/** What a browser complains of where a state has the service away. */
export const away = /ERR_|Failed to load resource/;

/** The states of the page, and how each is reached from a page that nothing was opened in. Whoever is done with one lets the service go on. */
export function statesOf(house) {
  return {
    async loading(visit) {
      await visit.page.route(isProjection, () => {});
      await visit.open(house.service.address);
      await visit.page.getByRole('heading', {name: /^Projecting to/}).waitFor();
    },
    async sharpening(visit) {
      await visit.open(await house.service.dense());
      await visit.until(() => document.querySelector('header')?.innerText.includes(' of 1,000,000 paths'));
      house.service.hold();
      assert.match(await visit.bar.innerText(), / of 1,000,000 paths/);
    },
    async done(visit) {
      await visit.open(house.service.address);
      await visit.done();
    },
    async 'done, on a phone'(visit) {
      await visit.page.setViewportSize({width: 390, height: 844});
      await visit.open(house.service.address);
      await visit.done();
    },
    async 'sample futures, crosshair and an added count'(visit) {
      await visit.open(`${house.service.address}/?at=2026-02-01&counts=75000&show=present,futures`);
      await visit.done();
    },
    async table(visit) {
      await visit.open(`${house.service.address}/?show=present,table`);
      await visit.done();
      await visit.page.getByRole('table').first().waitFor();
    },
    async 'a future told'(visit) {
      await visit.open(`${house.service.address}/?show=present,futures`);
      await visit.done();
      await visit.fan.focus();
      await visit.page.keyboard.press('ArrowUp');
      await visit.page.keyboard.press('Enter');
      await visit.page.getByRole('region', {name: 'Future 0'}).getByRole('listitem').first().waitFor();
    },
    async 'an editor open'(visit) {
      await visit.open(house.service.address);
      await visit.done();
      await visit.page.getByRole('button', {name: /^Edit the size of a batch/}).click();
      await visit.page.getByRole('slider').first().waitFor();
    },
    async 'a menu open'(visit) {
      await visit.open(house.service.address);
      await visit.done();
      await visit.bar.locator('summary').filter({hasText: 'Save'}).click();
      await visit.page.getByRole('button', {name: 'Save as new'}).waitFor();
    },
    async 'an error at a field'(visit) {
      await visit.open(`${house.service.address}/#rotation_interval_days=normal(10+to+150)`);
      await visit.page.getByRole('alert').first().waitFor();
    },
    async reconnecting(visit) {
      await visit.open(house.service.address);
      await visit.done();
      await visit.page.route(isProjection, (route) => route.abort('connectionrefused'));
      await visit.page.getByRole('switch').first().click();
      await visit.page.getByText(/Trying again in/).waitFor();
    },
    async 'a service that cannot be reached'(visit) {
      await visit.page.route('**/scenarios.v1.*/**', (route) => route.abort('connectionrefused'));
      await visit.open(house.service.address);
      await visit.page.getByRole('status').filter({hasText: 'The service cannot be reached.'}).waitFor();
    },
    async 'a scenario that is not there'(visit) {
      await visit.open(`${house.service.address}/?scenario=not-there`);
      await visit.page.getByRole('alert').waitFor();
    },
    async empty(visit) {
      await visit.open(`${house.service.address}/?scenario=`);
      await visit.page.getByRole('button', {name: 'A blank scenario'}).waitFor();
    },
    async 'a blank scenario'(visit) {
      await visit.open(`${house.service.address}/?new=scenario`);
      await visit.page.getByRole('heading', {name: /^Wanted:/}).waitFor();
    },
  };
}
