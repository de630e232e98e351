// The dashboard in a real Chromium against the built service. Run by tests/run.sh; by hand, after a Release build: npm ci && npm test
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, describe} from 'node:test';
import access from './access.mjs';
import {launch, visiting} from './browser.mjs';
import change from './change.mjs';
import figures from './figures.mjs';
import keep from './keep.mjs';
import layout, {budget} from './layout.mjs';
import media from './media.mjs';
import mends from './mends.mjs';
import {Service} from './service.mjs';
import stream from './stream.mjs';

/** One browser and one service for all: what a suite changes, it changes under a name of its own. */
const house = {};

before(async () => {
  house.folder = await mkdtemp(join(tmpdir(), 'scenarios-dashboard-'));
  [house.service, house.browser] = await Promise.all([Service.start(house.folder), launch()]);
  // A service and a browser that have just started take their time, in which a stream is over before it is seen.
  await visiting(house.browser, await house.service.dense(), {}, (visit) => visit.done());
}, {timeout: 600_000});

after(async () => {
  await house.browser?.close();
  await house.service?.end();
  await rm(house.folder, {recursive: true, force: true});
}, {timeout: 60_000});

describe('Dashboard', {timeout: 1_100_000}, () => {
  for (const suite of [stream, change, figures, layout, budget, access, media, mends, keep]) suite(house);
});
