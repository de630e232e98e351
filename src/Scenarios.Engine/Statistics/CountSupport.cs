using System.Collections.Immutable;

namespace Scenarios.Engine.Statistics;

/// <summary>A range of whole counts, both ends within it.</summary>
internal readonly record struct CountRange(long Low, long High);

/// <summary>
/// The counts that are possible at all: a start out of <paramref name="starts"/> and any number of batches of
/// <paramref name="batch"/> each; or anything within <paramref name="cuts"/>, where a cap can cut a batch.
/// </summary>
/// <remarks>
/// A bin says only that a count is between its ends; what is read from it must be a count that can be. With k batches the counts
/// from a start [a, b] are [a + k low, b + k high], whose ends ascend with k: so the next possible count needs no search.
/// </remarks>
/// <param name="starts">Where paths start, ascending.</param>
/// <param name="batch">The sizes of batches; 0 to 0 if none can come.</param>
/// <param name="cuts">Where caps can cut; null if they cannot.</param>
internal sealed class CountSupport(ImmutableArray<CountRange> starts, CountRange batch, CountRange? cuts)
{
    /// <summary>What is possible between two counts; these themselves if nothing is.</summary>
    public CountRange Within(long low, long high)
    {
        var (first, last) = (AtOrAbove(low), AtOrBelow(high));
        return first <= last ? new(first, last) : new(low, high);
    }

    /// <summary>The possible count nearest to one, within a range that begins and ends with possible counts.</summary>
    public long Nearest(long count, CountRange within)
    {
        var below = Math.Max(AtOrBelow(count), within.Low);
        var above = Math.Min(AtOrAbove(count), within.High);
        return count - below <= above - count ? below : above;
    }

    private long AtOrAbove(long count)
    {
        var next = cuts is { } cut && count <= cut.High ? Math.Max(count, cut.Low) : long.MaxValue;
        foreach (var start in starts)
        {
            if (count <= start.High)
            {
                next = Math.Min(next, Math.Max(count, start.Low));
            }
            else if (batch.High > 0)
            {
                var batches = ((count - start.High - 1) / batch.High) + 1;
                next = Math.Min(next, Math.Max(count, start.Low + (batches * batch.Low)));
            }
        }

        return next;
    }

    private long AtOrBelow(long count)
    {
        var last = cuts is { } cut && count >= cut.Low ? Math.Min(count, cut.High) : long.MinValue;
        foreach (var start in starts)
        {
            if (count >= start.Low)
            {
                var reach = batch.Low > 0 ? SaturatingEnd(start.High, (count - start.Low) / batch.Low)
                    : batch.High > 0 ? count
                    : start.High;
                last = Math.Max(last, Math.Min(count, reach));
            }
        }

        return last;
    }

    private long SaturatingEnd(long start, long batches) =>
        batches > 0 && batch.High > (long.MaxValue - start) / batches ? long.MaxValue : start + (batches * batch.High);
}
