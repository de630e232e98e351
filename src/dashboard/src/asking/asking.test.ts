import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "../gen/google/rpc/error_details_pb";
import { Progress_State, type ProjectRequest, type ProjectResponse, ProjectResponseSchema } from "../gen/scenarios/v1/projection_service_pb";
import { ScenarioSchema } from "../gen/scenarios/v1/scenario_pb";
import { Asking, pathsAtRest, pathsWhileDragging } from "./asking";
import type { Question } from "./question";

/** A call that the asking made, answered by hand. */
class Call {
  private readonly waiting: ((step: { response?: ProjectResponse; error?: unknown; isEnd?: boolean }) => void)[] = [];
  private readonly ready: { response?: ProjectResponse; error?: unknown; isEnd?: boolean }[] = [];

  constructor(readonly request: ProjectRequest, readonly signal: AbortSignal) {
    signal.addEventListener("abort", () => this.give({ error: new ConnectError("aborted", Code.Canceled) }));
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ProjectResponse> {
    for (;;) {
      const step = this.ready.shift() ?? await new Promise<{ response?: ProjectResponse; error?: unknown; isEnd?: boolean }>((take) => this.waiting.push(take));
      if (step.error) {
        throw step.error;
      }
      if (step.isEnd) {
        return;
      }
      yield step.response!;
    }
  }

  async snapshot(paths: number): Promise<void> {
    const isLast = paths === Number(this.request.paths);
    await this.give({
      response: create(ProjectResponseSchema, {
        projection: { paths: BigInt(paths), headline: `${this.gap} by ${paths}` },
        progress: { pathsCompleted: BigInt(paths), pathsRequested: this.request.paths, state: isLast ? Progress_State.COMPLETED : Progress_State.RUNNING },
      }),
    });
    if (isLast) {
      await this.give({ isEnd: true });
    }
  }

  end = () => this.give({ isEnd: true });
  fail = (error: unknown) => this.give({ error });

  get gap(): string {
    return this.request.overrides.rotation_interval_days ?? "";
  }

  private async give(step: { response?: ProjectResponse; error?: unknown; isEnd?: boolean }): Promise<void> {
    const take = this.waiting.shift();
    if (take) {
      take(step);
    } else {
      this.ready.push(step);
    }
    await vi.advanceTimersByTimeAsync(0);
  }
}

const scenario = create(ScenarioSchema, { horizonDays: 730, stepDays: 7, startDate: { year: 2024, month: 11, day: 17 } });
const gap = (text: string): Question => ({ scenario, storedAs: "scenarios/x", edits: { rotation_interval_days: text }, counts: [], seed: 1n });

let calls: Call[];
let frames: (() => void)[];
let isHidden: boolean;
let isServing: boolean;
let asking: Asking;

/** Draws a frame. */
const frame = async () => {
  frames.splice(0).forEach((callback) => callback());
  await vi.advanceTimersByTimeAsync(0);
};
const open = () => calls.filter(({ signal }) => !signal.aborted);
const headline = () => asking.answer.value?.response.projection?.headline;

beforeEach(() => {
  vi.useFakeTimers();
  calls = [];
  frames = [];
  isHidden = false;
  isServing = false;
  asking = new Asking({
    project: (request, signal) => {
      const call = new Call(request, signal);
      calls.push(call);
      return call;
    },
    onFrame: (callback) => frames.push(callback),
    isServing: async () => isServing,
    isHidden: () => isHidden,
  });
});
afterEach(() => void vi.useRealTimers());

describe("a question", () => {
  test("is asked at once, for all paths, as it sharpens", async () => {
    asking.ask(gap("60 to 150"));
    expect(calls).toHaveLength(1);
    expect(calls[0]!.request).toMatchObject({ paths: BigInt(pathsAtRest), finalOnly: false, seed: 1n });
    await calls[0]!.snapshot(1_000);
    expect(asking.standing.value).toEqual({ kind: "sharpening" });
    await calls[0]!.snapshot(pathsAtRest);
    expect(asking.standing.value).toEqual({ kind: "done" });
    expect(headline()).toBe("60 to 150 by 1000000");
  });

  test("asked anew takes the place of the one before, whose answer is not taken any more", async () => {
    asking.ask(gap("first"));
    await calls[0]!.snapshot(1_000);
    asking.ask(gap("second"));
    expect(calls[0]!.signal.aborted).toBe(true);
    await calls[0]!.snapshot(50_000);
    expect(headline()).toBe("first by 1000");
    await calls[1]!.snapshot(1_000);
    expect(headline()).toBe("second by 1000");
  });

  test("whose answer does not come is missed after a while, not at once", async () => {
    asking.ask(gap("60 to 150"));
    expect(asking.standing.value).toEqual({ kind: "asked", isMissed: false });
    await vi.advanceTimersByTimeAsync(399);
    expect(asking.standing.value).toEqual({ kind: "asked", isMissed: false });
    await vi.advanceTimersByTimeAsync(1);
    expect(asking.standing.value).toEqual({ kind: "asked", isMissed: true });
  });
});

describe("a drag", () => {
  test("asks for few paths, once a frame, one request at a time, for the latest value", async () => {
    asking.drag(gap("1"));
    asking.drag(gap("2"));
    expect(calls).toHaveLength(0);
    await frame();
    expect(calls.map((call) => call.gap)).toEqual(["2"]);
    expect(calls[0]!.request).toMatchObject({ paths: BigInt(pathsWhileDragging), finalOnly: true, seed: 1n });
    asking.drag(gap("3"));
    asking.drag(gap("4"));
    await frame();
    expect(calls).toHaveLength(1);
    await calls[0]!.snapshot(pathsWhileDragging);
    expect(headline()).toBe("2 by 10000");
    await frame();
    expect(calls.map((call) => call.gap)).toEqual(["2", "4"]);
    expect(open().filter((call) => call !== calls[0])).toHaveLength(1);
  });

  test("that rests asks for all paths", async () => {
    asking.drag(gap("1"));
    await frame();
    await calls[0]!.snapshot(pathsWhileDragging);
    await vi.advanceTimersByTimeAsync(249);
    expect(calls).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(calls).toHaveLength(2);
    expect(calls[1]!.request).toMatchObject({ paths: BigInt(pathsAtRest), finalOnly: false });
  });

  test("ends what was asked at rest", async () => {
    asking.ask(gap("60 to 150"));
    asking.drag(gap("60 to 160"));
    expect(calls[0]!.signal.aborted).toBe(true);
  });
});

describe("where nobody answers", () => {
  const lost = new ConnectError("Failed to fetch", Code.Unknown);

  test("it asks again, ever later up to half a minute, and what comes is an answer again", async () => {
    asking.ask(gap("60 to 150"));
    await calls[0]!.snapshot(1_000);
    const waits: number[] = [];
    for (let failure = 0; failure < 7; failure++) {
      await calls.at(-1)!.fail(lost);
      const standing = asking.standing.value;
      expect(standing.kind).toBe("waiting");
      const wait = standing.kind === "waiting" ? standing.until - Date.now() : 0;
      waits.push(wait);
      await vi.advanceTimersByTimeAsync(wait);
      expect(calls).toHaveLength(failure + 2);
      expect(asking.standing.value.kind).toBe("waiting");
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    await calls.at(-1)!.snapshot(20_000);
    expect(asking.standing.value).toEqual({ kind: "sharpening" });
    await calls.at(-1)!.fail(lost);
    const again = asking.standing.value;
    expect(again.kind === "waiting" && again.until - Date.now()).toBe(1_000);
  });

  test("a stream that ends early is lost too", async () => {
    asking.ask(gap("60 to 150"));
    await calls[0]!.snapshot(1_000);
    await calls[0]!.end();
    expect(asking.standing.value.kind).toBe("waiting");
  });

  test("it can be asked at once", async () => {
    asking.ask(gap("60 to 150"));
    await calls[0]!.fail(lost);
    asking.tryNow();
    expect(calls).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls).toHaveLength(2);
  });
});

test("a busy service is asked when it wants to be", async () => {
  asking.ask(gap("60 to 150"));
  await calls[0]!.fail(new ConnectError("busy", Code.ResourceExhausted, undefined, [
    { desc: ErrorInfoSchema, value: { domain: "scenarios", reason: "BUSY" } },
    { desc: RetryInfoSchema, value: { retryDelay: { seconds: 7n } } },
  ]));
  const standing = asking.standing.value;
  expect(standing.kind === "waiting" && [standing.busy, standing.until - Date.now()]).toEqual(["busy", 7_000]);
});

test("what breaks a rule is not asked again", async () => {
  asking.ask(gap("0"));
  await calls[0]!.fail(new ConnectError("1 violation", Code.InvalidArgument, undefined, [
    { desc: ErrorInfoSchema, value: { domain: "scenarios", reason: "INVALID_REQUEST" } },
    { desc: BadRequestSchema, value: { fieldViolations: [{ field: 'overrides["rotation_interval_days"]', description: "It is 0. Give more." }] } },
  ]));
  expect(asking.standing.value.kind).toBe("refused");
  await vi.advanceTimersByTimeAsync(120_000);
  expect(calls).toHaveLength(1);
});

test("what comes while nobody looks is drawn on the return, the last of it", async () => {
  asking.ask(gap("60 to 150"));
  await calls[0]!.snapshot(1_000);
  isHidden = true;
  await calls[0]!.snapshot(20_000);
  await calls[0]!.snapshot(50_000);
  expect(headline()).toBe("60 to 150 by 1000");
  isHidden = false;
  asking.onShown();
  expect(headline()).toBe("60 to 150 by 50000");
});

describe("Mend: a lost connection", () => {
  const lose = async (times: number) => {
    asking.ask(gap("60 to 150"));
    for (let i = 0; i < times; i++) {
      await calls.at(-1)!.fail(new ConnectError("no route", Code.Unavailable));
      if (i < times - 1) {
        asking.tryNow();
      }
    }
  };

  test("is taken up within two seconds of the service's return, however long the wait has become", async () => {
    await lose(6);
    const before = calls.length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(calls).toHaveLength(before);
    isServing = true;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(calls).toHaveLength(before + 1);
  });

  test("is not asked about while nobody sees the page", async () => {
    await lose(6);
    const before = calls.length;
    [isHidden, isServing] = [true, true];
    await vi.advanceTimersByTimeAsync(10_000);
    expect(calls).toHaveLength(before);
    isHidden = false;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(calls).toHaveLength(before + 1);
  });
});
