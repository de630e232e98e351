/** Where things stand in the pictures: one horizontal scale of dates for the fan and for the rows below it. */
export interface Frame {
  /** Wide has a slice beside the fan; narrow has its read-out as a table below. */
  readonly form: "wide" | "middle" | "narrow";
  readonly width: number;
  readonly left: number;
  readonly right: number;
  /** Top of the crosshair, top of the scale of counts, axis of dates, and height of the whole. */
  readonly crossTop: number;
  readonly top: number;
  readonly bottom: number;
  readonly height: number;
  /** Left edge of the slice and of the chances at the crosshair; null where there is no room. */
  readonly slice: number | null;
  /** Pixels between an axis and its labels, and between its marks at least. */
  readonly tickGap: number;
  readonly countGap: number;
  readonly dateGap: number;
  readonly row: { readonly first: number; readonly height: number; readonly pitch: number };
}

/** Room for the labels of counts up to 999,999: left of the plot, and with their words right of it. */
const countsWidth = 58;
const narrowCountsWidth = 40;
const endLabelsWidth = 152;
const sliceWidth = 134;
const sliceGap = 12;

/** A plot is at most this wide: beyond it the margins grow. */
const widestPlot = 1000;

const narrowBelow = 520;
const wideFrom = 836;

/** The widest that the charts use of the room they get. */
export const widestChart = countsWidth + widestPlot + endLabelsWidth + sliceGap + sliceWidth;

/** Whether there is room for a plot with its labels only. */
export const isNarrow = (width: number) => width < narrowBelow;

/** What labels need beside the plot. */
export interface LabelRoom {
  /** Width of the widest label of the scale of counts. */
  readonly counts: number;
  /** How much wider than one of six digits the counts at the ends of the lines are. */
  readonly ends: number;
}

export function frameOf(available: number, labels: LabelRoom = { counts: 0, ends: 0 }): Frame {
  const width = Math.min(available, widestChart);
  if (isNarrow(width)) {
    return {
      form: "narrow", width, left: Math.max(narrowCountsWidth, Math.ceil(labels.counts) + 6), right: Math.max(120, width - 68 - labels.ends),
      crossTop: 27, top: 40, bottom: 270, height: 300,
      slice: null, tickGap: 6, countGap: 48, dateGap: 48, row: { first: 40, height: 52, pitch: 90 },
    };
  }

  const left = Math.max(countsWidth, Math.ceil(labels.counts) + 8);
  const right = width - endLabelsWidth - labels.ends;
  if (width < wideFrom) {
    return {
      form: "middle", width, left, right,
      crossTop: 20, top: 41, bottom: 386, height: 414,
      slice: null, tickGap: 8, countGap: 80, dateGap: 72, row: { first: 22, height: 66, pitch: 86 },
    };
  }

  const plotRight = right - sliceGap - sliceWidth;
  return {
    form: "wide", width, left, right: plotRight,
    crossTop: 41, top: 63, bottom: 446, height: 474,
    slice: plotRight + endLabelsWidth + labels.ends + sliceGap,
    tickGap: 8, countGap: 80, dateGap: 72, row: { first: 22, height: 66, pitch: 86 },
  };
}

/** More rows than this are no longer pictures of their own, but strips. */
const mostPictures = 8;

/** The frame of so many rows: where they are too many for a picture each, of strips. */
export function rowsFrame(frame: Frame, rows: number): Frame {
  return rows > mostPictures ? { ...frame, row: { first: 6, height: 14, pitch: 20 } } : frame;
}

export const isStrip = ({ row }: Frame): boolean => row.height < 20;

/** Where a row of the passages begins (100 %) and how tall all rows and their axis are. */
export function rowTop(frame: Frame, index: number): number {
  return frame.row.first + index * frame.row.pitch;
}

export function rowsHeight(frame: Frame, rows: number): number {
  return rows === 0 ? 0 : rowTop(frame, rows - 1) + frame.row.height + 26;
}

export const sliceRoom = sliceWidth;
