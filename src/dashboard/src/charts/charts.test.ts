import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { ScenarioSchema } from "../gen/scenarios/v1/scenario_pb";
import { fanCurves, futureCurve, isLattice, levelRuns, nearestFuture, sliceCurves } from "./curves";
import { endLabels, placeLabels } from "./endLabels";
import { labelRoom } from "./FanPicture";
import { frameOf, widestChart } from "./frame";
import {
  ceilingOf, ceilingWords, chanceAt, countTop, fanLevels, milestoneOf, nearestPoint, neverOf, passageSentence, passagesOf, presentOf, thresholdsOf, totalWords,
} from "./reading";
import { readOutRows } from "./ReadOut";
import { dprkRotation } from "./testing/dprkRotation";

const plain = (words: string) => words.replaceAll("\u00a0", " ");
const x = (day: number) => day;
const y = (value: number) => 400 - value / 250;

describe("levels of a fan", () => {
  it("pairs the usual five", () => expect(fanLevels([0.05, 0.25, 0.5, 0.75, 0.95])).toEqual({ outer: [0, 4], inner: [1, 3], median: 2 }));
  it("has no median where none was asked", () => expect(fanLevels([0.1, 0.9])).toEqual({ outer: [0, 1], inner: null, median: null }));
  it("takes the inner pair nearest to the quarters", () =>
    expect(fanLevels([0.01, 0.1, 0.2, 0.4, 0.5, 0.6, 0.8, 0.9, 0.99])).toEqual({ outer: [0, 8], inner: [2, 6], median: 4 }));
  it("draws one level as a line", () => expect(fanLevels([0.3])).toEqual({ outer: null, inner: null, median: 0 }));
});

describe("what a projection says", () => {
  const projection = dprkRotation();

  it("has a ceiling with its source's words", () => {
    const ceiling = ceilingOf(projection.scenario)!;
    expect(ceiling).toEqual({ count: 100_000, moves: false, claim: "Up to 100,000 may be deployed." });
    const words = ceilingWords(ceiling, false);
    expect(plain(`${words.name}: ${words.claim}`)).toBe("Ceiling 100,000: up to 100,000 may be deployed");
  });

  it("does not quote a source for a ceiling that it did not name", () => {
    const edited = dprkRotation();
    edited.scenario!.assumptions!.cap!.distribution!.family = { case: "constant", value: 60_000 };
    expect(ceilingOf(edited.scenario)).toEqual({ count: 60_000, moves: false, claim: "" });
  });

  it("keeps the ceiling on the scale, unless it would press the fan flat", () => {
    expect(countTop(projection)).toBe(100_000);
    const edited = dprkRotation();
    edited.scenario!.assumptions!.cap!.distribution!.family = { case: "constant", value: 1_000_000 };
    expect(countTop(edited)).toBe(100_000);
    edited.points.forEach((point) => point.cumulative!.quantiles.fill(20_000));
    edited.thresholds.length = 0;
    edited.histograms.length = 0;
    edited.scenario!.thresholds = [30_000n];
    expect(countTop(edited)).toBe(30_000);
  });

  it("keeps on the scale what the slice draws, all but the thinnest of it", () => {
    const edited = dprkRotation();
    edited.scenario!.assumptions!.cap = undefined;
    edited.points.forEach((point) => point.cumulative!.quantiles.fill(100_000));
    const histogram = edited.histograms.at(-1)!;
    histogram.edges = [0, 100_000, 120_000, 140_000, 160_000];
    histogram.counts = [900_000, 94_000, 5_000, 1_000];
    expect(countTop(edited)).toBe(140_000);
  });

  it("knows that those present do not vary, and why", () => {
    expect(presentOf(projection)).toEqual({ kind: "constant", count: 15_000, relieved: true });
    const edited = dprkRotation();
    edited.points[3]!.present!.max = 15_001;
    expect(presentOf(edited)).toEqual({ kind: "varies" });
    edited.points[0]!.present = undefined;
    expect(presentOf(edited)).toBeNull();
  });

  it("has the rows of the answer before there is one", () => {
    expect(thresholdsOf(projection, projection.scenario, [99])).toEqual([50_000, 75_000]);
    expect(thresholdsOf(null, projection.scenario, [75_000, 10_000, 50_000])).toEqual([10_000, 50_000, 75_000]);
    expect(thresholdsOf(null, undefined, [])).toEqual([]);
  });

  it("names the total", () => {
    expect(totalWords(projection.scenario)).toBe("Troops sent in total");
    expect(totalWords(undefined)).toBe("The total");
  });

  it("tells each passage by its even chance, else 1 in 20", () => {
    const rows = passagesOf(projection);
    expect(rows.map((row) => [row.count, row.kind])).toEqual([[50_000, "threshold"], [75_000, "threshold"], [100_000, "ceiling"]]);
    const milestones = rows.map((row) => milestoneOf(row, 10_000));
    expect(plain(milestones[0]!.words)).toBe("even chance by 19 Dec 2025");
    expect(milestones[0]!.mark!.level).toBe(0.5);
    expect(plain(milestones[2]!.words)).toMatch(/^1 in 20 by \d+ Sep 2026$/);
    expect(milestones[2]!.mark!.level).toBe(0.05);
    expect(plain(passageSentence(rows[2]!, 10_000))).toMatch(/^The ceiling of 100,000: 1 in 20 by \d+ September 2026; 87 % never within the horizon\.$/);
  });

  it("says how it is where nobody gets there, or all are there", () => {
    const edited = dprkRotation();
    const [first, second] = edited.thresholds;
    Object.assign(first!, { reachedProbability: 0, firstPassage: [] });
    second!.firstPassage.forEach((passage) => Object.assign(passage, { day: 0, date: edited.scenario!.startDate }));
    const rows = passagesOf(edited);
    expect(plain(milestoneOf(rows[0]!, 10_000).words)).toBe("none of 10,000 futures");
    expect(milestoneOf(rows[1]!, 10_000)).toEqual({ words: "reached from the start", long: "reached from the start", mark: null });
  });

  it("says at the horizon what the service says", () => {
    for (const row of passagesOf(projection)) {
      const { figure, word } = chanceAt(row, projection.points.length - 1, 10_000);
      expect(plain(`${word} (${figure})`)).toBe(plain(row.reached.reachedInWords));
    }
  });

  it("parts reached and never", () => {
    const [, , ceiling] = passagesOf(projection);
    expect(plain(neverOf(ceiling!, 10_000).figure)).toBe("87 %");
    expect(neverOf({ ...ceiling!, reached: { ...ceiling!.reached, reachedProbability: 1 } }, 10_000)).toEqual({ figure: "none", word: "of 10,000 futures" });
  });

  it("finds the reported point nearest to a day", () => {
    expect([-5, 45, 46, 364, 365, 700, 9_999].map((day) => nearestPoint(projection, day))).toEqual([0, 0, 1, 4, 4, 8, 8]);
  });

  it("reads out the figures of the service, rounded by the rules", () => {
    const end = projection.points.at(-1)!;
    const rows = readOutRows(projection, end);
    expect(rows.map((row) => row.words)).toEqual(["1 in 20 above", "1 in 4 above", "Even chance", "1 in 4 below", "1 in 20 below"]);
    expect(rows[0]!.figure).toEqual({ value: "100,000", error: "" });
    for (const [index, row] of [...rows].reverse().entries()) {
      const shown = Number(row.figure.value.replaceAll(",", ""));
      const error = Number(row.figure.error.replaceAll(",", ""));
      expect(Math.abs(shown - end.cumulative!.quantiles[index]!)).toBeLessThanOrEqual(error / 2);
      expect(error).toBeGreaterThanOrEqual(1.96 * end.cumulative!.quantileStandardErrors[index]! - 1e-6);
    }
  });
});

describe("labels at the ends of lines", () => {
  it("gives value and meaning, and says what an atom is", () => {
    const labels = endLabels(dprkRotation());
    expect(labels.map((label) => label.words).map(plain)).toEqual(["13 % end here", "1 in 4 above", "even chance", "1 in 4 below", "1 in 20 below"]);
    expect(labels[0]!.figure).toBe("100,000");
    expect(labels.map((label) => label.isMedian)).toEqual([false, false, true, false, false]);
  });

  it("joins lines that end in one point", () => {
    const projection = dprkRotation();
    projection.points.at(-1)!.cumulative!.quantiles = [15_000, 15_000, 15_000, 40_000, 60_000];
    expect(endLabels(projection).map((label) => plain(label.words))).toEqual(["1 in 20 above", "1 in 4 above", "at least 45 % here"]);
  });

  it("Mend: gives the share of an atom that many levels end in", () => {
    const projection = dprkRotation();
    projection.points.at(-1)!.cumulative!.quantiles = [3, 5, 5, 5, 8];
    const histogram = projection.histograms.at(-1)!;
    histogram.edges = [2.5, 3.5, 4.5, 5.5, 8.5];
    histogram.counts = [1_000, 1_200, 4_800, 3_000];
    expect(endLabels(projection).map((label) => plain(label.words))).toEqual(["1 in 20 above", "48 % here", "1 in 20 below"]);
    projection.points.at(-1)!.cumulative!.quantiles.fill(7);
    [histogram.edges, histogram.counts] = [[7, 7], [10_000]];
    expect(endLabels(projection).map((label) => plain(label.words))).toEqual(["all end here"]);
  });

  it("does not take a ceiling that moves for an end", () => {
    const projection = dprkRotation();
    const event = projection.scenario!.events[0]!;
    Object.assign(event, { disabled: false });
    event.effects!.capChange = 10_000;
    expect(endLabels(projection)[0]!.words).toBe("1 in 20 above");
  });

  it("keeps labels 15 pixels apart, shifted down", () => expect(placeLabels([10, 12, 40, 44], 400)).toEqual([10, 25, 40, 55]));
  it("drops none at the foot", () => expect(placeLabels([380, 390, 395], 396)).toEqual([366, 381, 396]));
});

describe("lattices", () => {
  const scale = (value: number) => 400 - value * 10;
  const bars = (edges: number[], counts: number[], top = 20) => {
    const { outside, band90, band50 } = sliceCurves({ ...dprkRotation().histograms[0]!, edges, counts }, [11, 11, 12, 12, 13], fanLevels([0.05, 0.25, 0.5, 0.75, 0.95]), 0, 100, scale, top);
    return [...(outside + band90 + band50).matchAll(/M0,([\d.]+)h[\d.]+v([\d.]+)/g)].map(([, from, height]) => Math.round(400 - Number(from) - Number(height) / 2) / 10).sort((a, b) => a - b);
  };

  it.each([[[11, 12, 13, 13.5]], [[10.5, 11.5, 12.5, 13.5]], [[10.1, 11.9, 12.01, 13]]])("Mend: a bar of one count has that in its middle, with the edges %s", (edges) =>
    expect(bars(edges, [5, 3, 2])).toEqual([11, 12, 13]));
  it("Mend: a bar of several counts lies about them, and the last bin holds its upper edge", () => expect(bars([10, 15, 20], [5, 5])).toEqual([12, 17.5]));
  it("Mend: the topmost count has its bar", () => expect(bars([10.5, 11.5, 12.5], [5, 5], 12)).toHaveLength(2));

  it("Mend: counts that lie far apart are drawn in steps, others are not", () => {
    const projection = dprkRotation();
    expect(isLattice(projection, "cumulative")).toBe(false);
    for (const path of projection.samplePaths) {
      path.cumulative = path.cumulative.map((_, index) => 15_000 + 5_000 * index);
    }
    expect(isLattice(projection, "cumulative")).toBe(true);
    const levels = fanLevels(projection.quantileLevels);
    const { median, medianRibbon } = fanCurves(projection, levels, x, y);
    expect(medianRibbon).toBe("");
    const places = [...median.matchAll(/[ML]([\d.-]+),([\d.-]+)/g)].map(([, px, py]) => [Number(px), Number(py)] as const);
    expect(places.every(([px, py], i) => i === 0 || px === places[i - 1]![0] || py === places[i - 1]![1])).toBe(true);
  });

  it("Mend: no error is drawn where a quantile jumps", () => {
    expect(levelRuns([0, 0, 10, 20, 30, 900, 910, 920])).toEqual([[0, 4], [6, 8]]);
    expect(levelRuns([0, 10, 20, 30])).toEqual([[0, 4]]);
    expect(levelRuns([5, 5, 5])).toEqual([[0, 3]]);
    const projection = dprkRotation();
    const median = projection.quantileLevels.indexOf(0.5);
    projection.points.forEach(({ cumulative }, index) => { cumulative!.quantiles[median] = 20_000 + 100 * index + (index < 5 ? 0 : 300_000); });
    const { medianRibbon } = fanCurves(projection, fanLevels(projection.quantileLevels), x, y);
    expect(medianRibbon.split("M").length - 1).toBe(2);
  });
});

describe("curves", () => {
  const projection = dprkRotation();
  const levels = fanLevels(projection.quantileLevels);

  it("runs through the figures of the service and no others", () => {
    const { median, band90 } = fanCurves(projection, levels, x, y);
    const places = projection.points.map((point) => `${point.day},${Math.round(y(point.cumulative!.quantiles[2]!) * 10) / 10}`);
    expect(median).toBe(`M${places.join("L")}`);
    expect(band90.match(/[ML]/g)).toHaveLength(2 * projection.points.length);
  });

  it("draws a finer core where the error is wide", () => {
    const [fine, wide] = [dprkRotation(), dprkRotation()];
    fine.points.at(-1)!.cumulative!.quantileStandardErrors.fill(20);
    wide.points.at(-1)!.cumulative!.quantileStandardErrors.fill(2_000);
    expect(fanCurves(fine, levels, x, y).medianWidth).toBeGreaterThan(2.1);
    expect(fanCurves(wide, levels, x, y).medianWidth).toBe(1.2);
  });

  it("steps through a future and ends at the horizon", () => {
    const [path] = projection.samplePaths;
    const curve = futureCurve(path!, 730, x, y);
    expect(curve.startsWith(`M0,${y(15_000)}H`)).toBe(true);
    expect(curve.endsWith(`V${Math.round(y(path!.cumulative.at(-1)!) * 10) / 10}H730`)).toBe(true);
    expect(curve.match(/V/g)).toHaveLength(path!.days.length - 1);
  });

  it("finds the future under the pointer, level or jump", () => {
    const [path, other] = projection.samplePaths;
    const paths = [other!, path!];
    const day = (path!.days[2]! + path!.days[3]!) / 2;
    expect(nearestFuture(paths, day, path!.cumulative[2]! + 100, 1, 250, 8)).toBe(1);
    expect(nearestFuture(paths, path!.days[2]! + 1, (path!.cumulative[1]! + path!.cumulative[2]!) / 2, 1, 250, 8)).toBe(1);
    expect(nearestFuture(paths, day, 99_900, 1, 250, 8)).toBeNull();
  });

  it("draws those at the ceiling as a bar of their own, and equal shares as equal areas", () => {
    const histogram = projection.histograms.at(-1)!;
    const slice = sliceCurves(histogram, projection.points.at(-1)!.cumulative!.quantiles, levels, 0, 100, y, 100_000);
    const atCeiling = slice.atoms.find((atom) => atom.count === 100_000)!;
    expect(atCeiling.share).toBeCloseTo(projection.cap!.reachedProbability, 10);
    const bars = [...(slice.outside + slice.band90 + slice.band50).matchAll(/h([\d.]+)v/g)];
    const filled = histogram.counts.filter((bin, i) => bin > 0 && histogram.edges[i + 1]! > histogram.edges[i]!);
    expect(bars).toHaveLength(filled.length);
    expect(Math.max(...bars.map((bar) => Number(bar[1])), ...slice.atoms.map((atom) => Number(/h([\d.]+)v/.exec(atom.path)![1])))).toBeCloseTo(100, 1);
    expect(slice.lengthAt(1_000_000)).toBe(0);
  });

  it("draws no bar beyond the scale", () => {
    const histogram = { ...projection.histograms.at(-1)!, edges: [0, 100_000, 120_000, 140_000, 160_000], counts: [900_000, 94_000, 5_000, 1_000] };
    const slice = sliceCurves(histogram, projection.points.at(-1)!.cumulative!.quantiles, levels, 0, 100, y, 140_000);
    expect((slice.outside + slice.band90 + slice.band50).match(/h[\d.]+v/g)).toHaveLength(3);
  });
});

describe("the frame", () => {
  it("has the target's three layouts", () => {
    expect(frameOf(944)).toMatchObject({ form: "wide", left: 58, right: 646, slice: 810, top: 63, bottom: 446 });
    expect(frameOf(756)).toMatchObject({ form: "middle", left: 58, right: 604, slice: null });
    expect(frameOf(354)).toMatchObject({ form: "narrow", width: 354, height: 300, slice: null });
  });

  it("makes room for counts of more than six digits at both sides, and moves nothing for fewer", () => {
    const scenario = create(ScenarioSchema, { thresholds: [1_234_567n] });
    const room = labelRoom(false, scenario, [1_234_567], 3_000_000);
    const [usual, wide] = [frameOf(944), frameOf(944, room)];
    expect(wide.left).toBeGreaterThanOrEqual(room.counts + 8);
    expect(room.counts).toBeGreaterThan(usual.left - 8);
    expect(wide.right).toBeLessThan(usual.right);
    expect(wide.slice! - wide.right).toBe(usual.slice! - usual.right + room.ends);
    expect(frameOf(944, labelRoom(false, scenario, [50_000, 100_000], 100_000))).toEqual(usual);
    expect(frameOf(354, labelRoom(true, scenario, [1_234_567], 3_000_000)).left).toBeGreaterThan(frameOf(354).left);
    expect(frameOf(354, labelRoom(true, scenario, [50_000], 100_000))).toEqual(frameOf(354));
  });

  it("lets the plot grow to 1,000 pixels and no further", () => {
    const frame = frameOf(3_000);
    expect(frame.width).toBe(widestChart);
    expect(frame.right - frame.left).toBe(1_000);
  });
});
