using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Scenarios.Engine.Statistics;
using Scenarios.Engine.Tests.Oracles;

namespace Scenarios.Engine.Tests.Simulation;

/// <summary>Everything that is read of a tally, and its hash.</summary>
internal static class TallyBits
{
    public static string Of(Tally tally) => $"{CountsOf(tally)} {string.Join(' ', tally.Happened)}".TrimEnd();

    /// <summary>But for how often events happened.</summary>
    public static string CountsOf(Tally tally)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Append<T>(ReadOnlySpan<T> values)
            where T : unmanaged => hash.AppendData(MemoryMarshal.AsBytes(values));

        void AppendCounts(CountTally counts)
        {
            var points = counts.PointCount;
            Append<Int128>(counts.SumDifferences.AsSpan(0, points));
            Append<Int128>(counts.SquareDifferences.AsSpan(0, points));
            for (var bin = 0; bin < counts.Bins.BinCount; bin++)
            {
                Append<int>(counts.ChangesIn(bin));
            }

            for (var row = 0; row < counts.Replicates?.Differences.Length; row += counts.Stride)
            {
                Append<int>(counts.Replicates.Differences.AsSpan(row, points));
            }

            for (var row = 0; row < counts.Replicates?.SumDifferences.Length; row += counts.Stride)
            {
                Append<Int128>(counts.Replicates.SumDifferences.AsSpan(row, points));
                Append<Int128>(counts.Replicates.SquareDifferences.AsSpan(row, points));
            }
        }

        Append<long>([tally.Paths]);
        Append<long>(tally.Replicates?.Paths);
        AppendCounts(tally.Cumulative);
        if (tally.Present is { } present)
        {
            AppendCounts(present);
        }

        foreach (var passages in tally.Thresholds.Append(tally.Cap).OfType<PassageTally>())
        {
            Append<long>(passages.ByPoint);
            Append<int>(passages.Counts);
            Append<int>(passages.Groups);
            Append<int>(passages.Earliest);
            Append<int>(passages.Latest);
            Append<long>([passages.WithinYear]);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
