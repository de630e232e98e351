import assert from 'node:assert/strict';
import {join} from 'node:path';
import axe from 'axe-core';
import {chromium} from 'playwright-core';
import protobuf from 'protobufjs';

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const protos = join(here, '../../protos');

/** Long, because what is waited for comes when it comes, and a busy machine takes its time. */
export const patience = 180_000;

export const launch = (environment = {}) => chromium.launch({
  env: {...process.env, ...environment},
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  // For root Chromium has no sandbox.
  chromiumSandbox: process.getuid() !== 0,
  args: [
    '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
    '--disable-sync',
  ],
  timeout: patience,
});

const root = new protobuf.Root();
root.resolvePath = (_, path) => join(
  path.startsWith('google/protobuf/') ? join(here, 'node_modules/protobufjs') : path.startsWith('google/') ? join(protos, 'third_party') : protos, path);
await root.load(['scenarios/v1/projection_service.proto']);
const projectRequest = root.lookupType('scenarios.v1.ProjectRequest');

/** What the page asked the service to project: a gRPC-Web message is five bytes of frame and the protobuf. */
function projectionAsked(request) {
  const message = projectRequest.decode(request.postDataBuffer().subarray(5));
  const {paths, seed, overrides, finalOnly, scenarioName} = projectRequest.toObject(message, {longs: Number, defaults: true, objects: true});
  return {paths, seed, overrides, finalOnly, scenarioName};
}

/** Runs in the page, before all else: keeps what the page showed, at each change, and what moved. */
function watch() {
  const shown = [];
  const shifts = [];
  const calls = [];
  Object.assign(globalThis, {shown, shifts, calls});
  // Under way from the call until its last byte or its abort. From outside the ends are seen late: by then the next call may have begun.
  const ask = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    if (!input.toString().endsWith('/Project')) return ask(input, init);
    const call = {begun: performance.now()};
    calls.push(call);
    const end = () => {
      call.ended ??= performance.now();
    };
    init.signal.addEventListener('abort', end);
    try {
      const response = await ask(input, init);
      return new Response(response.body.pipeThrough(new TransformStream({flush: end})), response);
    } catch (error) {
      end();
      throw error;
    }
  };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      // Words after a figure that has got another digit move along their line: the text is another one, and its place the same.
      const moved = entry.sources.filter(({previousRect: was, currentRect: is}) => was.x !== is.x || was.y !== is.y);
      if (!entry.hadRecentInput && moved.length > 0) {
        shifts.push(...moved.map(({node, previousRect, currentRect}) =>
          `${node?.parentElement?.closest('h1') ? 'sentence: ' : ''}${(node?.parentElement ?? node)?.outerHTML?.slice(0, 120)}: ${JSON.stringify(previousRect)} to ${JSON.stringify(currentRect)}`));
      }
    }
  }).observe({type: 'layout-shift', buffered: true});
  new MutationObserver(() => {
    const standing = document.querySelector('header')?.innerText.match(/[\d,]+ of [\d,]+ paths(, median ±\s[\d,]+)?|[\d,]+ paths(, done)?|Connection lost|Projecting/)?.[0] ?? '';
    const fan = document.querySelector('main [role=img]');
    const state = {standing, isStale: fan?.closest('.stale') !== null, headline: document.querySelector('main h1')?.textContent ?? ''};
    if (JSON.stringify(state) !== JSON.stringify(shown.at(-1))) shown.push(state);
  }).observe(document, {subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['class']});
}

/** A page of the dashboard, and what became known of it from outside. */
export class Visit {
  /** What the page asked to be projected, in order. */
  projections = [];
  /** Every request, by the kind of thing it was for. */
  requests = [];
  /** Errors and warnings of the console, and exceptions that nobody caught. */
  problems = [];

  constructor(page) {
    this.page = page;
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && this.problems.push(`${message.type()}: ${message.text()} ${message.location().url}`));
    page.on('pageerror', (error) => this.problems.push(`exception: ${error.message}`));
    page.on('request', (request) => {
      this.requests.push(request);
      if (request.url().endsWith('/scenarios.v1.ProjectionService/Project')) {
        this.projections.push(projectionAsked(request));
      }
    });
  }

  get bar() {
    return this.page.getByRole('banner');
  }

  get answer() {
    return this.page.getByRole('main').getByRole('heading', {level: 1});
  }

  /** The fan, with its name. */
  get fan() {
    return this.page.getByRole('main').getByRole('img').first();
  }

  async open(address) {
    await this.page.goto(address, {timeout: patience});
  }

  /** Until the answer is as sharp as it gets. */
  async done(paths = '1,000,000') {
    await this.page.waitForFunction((text) => document.querySelector('header')?.innerText.includes(text), `${paths} paths, done`, {timeout: patience});
  }

  /** Until a function of the page, given an argument, says so. */
  async until(condition, argument) {
    await this.page.waitForFunction(condition, argument, {timeout: patience});
  }

  /** Whether the fan is drawn in a colour: only what is current is. Waits for colour to come or go, which takes a moment. */
  async untilColoured(isColoured) {
    await this.until((wanted) => {
      const spread = (colour) => {
        const channels = colour.match(/[\d.]+/g)?.slice(0, 3).map(Number) ?? [];
        return colour === 'none' || channels.length < 3 ? 0 : Math.max(...channels) - Math.min(...channels);
      };
      const fan = document.querySelector('main [role=img]');
      const parts = [...(fan?.querySelectorAll('path, circle, line') ?? [])].map((part) => getComputedStyle(part));
      return parts.length > 0 && parts.some(({fill, stroke}) => Math.max(spread(fill), spread(stroke)) > 40) === wanted;
    }, isColoured);
  }

  /**
   * What the page asked for its answer before what it had asked last was over. What events would change, it asks for as soon as the last
   * figure of the answer is there, when the call for it has still to end: that is not what this is about.
   */
  async askedTooEarly() {
    const calls = await this.page.evaluate(() => globalThis.calls);
    return this.projections.map((projection, index) => ({...projection, ...calls[index]}))
      .filter(({paths}) => paths === 10_000 || paths === 1_000_000)
      .filter(({begun}, index, all) => index > 0 && !(all[index - 1].ended <= begun));
  }

  /** What the page showed since it was opened, change by change. */
  shown() {
    return this.page.evaluate(() => globalThis.shown);
  }

  /** Fails where the page, as it is, breaks a rule of axe, light or dark. */
  async assertAccessible(state) {
    await this.page.evaluate(axe.source);
    for (const colorScheme of ['light', 'dark']) {
      await this.page.emulateMedia({colorScheme, reducedMotion: 'reduce'});
      const found = await this.page.evaluate(async (isAgain) => {
        // The other colours change nothing but colours.
        const rules = isAgain ? {runOnly: ['color-contrast', 'link-in-text-block']} : {};
        const {violations} = await globalThis.axe.run(document, {resultTypes: ['violations'], ...rules});
        return violations.map(({id, help, nodes}) => `${id}: ${help}: ${nodes.map(({html, failureSummary}) => `${html.slice(0, 200)} ${failureSummary}`).join('; ')}`);
      }, colorScheme === 'dark');
      assert.deepEqual(found, [], `${state}, ${colorScheme}`);
    }
    await this.page.emulateMedia({colorScheme: 'light'});
  }
}

/**
 * Opens a page of its own, lets a test at it, and closes it. Whatever the browser complains about fails the test, but for what the test
 * brings about itself.
 */
export async function visiting(browser, address, {width = 1440, height = 900, expected = /^$/, ...options}, body) {
  const context = await browser.newContext({viewport: {width, height}, locale: 'en-GB', timezoneId: 'UTC', colorScheme: 'light', ...options});
  context.setDefaultTimeout(patience);
  await context.addInitScript(watch);
  const visit = new Visit(await context.newPage());
  try {
    if (address) await visit.open(address);
    await body(visit);
    assert.deepEqual(visit.problems.filter((problem) => !expected.test(problem)), [], 'the browser complains of nothing');
  } catch (error) {
    const text = await visit.page.locator('body').innerText({timeout: 5_000}).catch(() => '(gone)');
    error.message += `\nThe page, at ${visit.page.url()}:\n${text.slice(0, 3_000)}`;
    throw error;
  } finally {
    await context.close();
  }
}
