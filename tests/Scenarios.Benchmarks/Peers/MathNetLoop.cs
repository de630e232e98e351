using MathNet.Numerics.Random;

namespace Scenarios.Benchmarks.Peers;

/// <summary>
/// A careful loop in C# on MathNet's samplers. As in the other loops, changes of the count go into a histogram of bins of
/// 50 by grid point, and are summed over time at the end.
/// </summary>
internal sealed class MathNetLoop(PeerCase peerCase) : IContestant
{
    private const int BinWidth = 50;
    private const int Bins = (100_000 / BinWidth) + 1;
    private const int DayBins = 2000;

    private readonly PlainScenario _scenario = peerCase.Known.Plain;
    private readonly int _points = peerCase.Points;

    public Task<Answer> RunAsync(long paths, int seed)
    {
        var random = new Xoshiro256StarStar(seed, threadSafe: false);
        var stride = _points + 1;
        var histogram = new int[Bins * stride];
        var (sums, squares) = (new double[stride], new double[stride]);
        var passages = new long[DayBins];
        var capped = 0L;
        var start = Math.Floor(_scenario.Initial(random) + 0.5);
        var cap = _scenario.Cap(random);
        for (var path = 0L; path < paths; path++)
        {
            var (count, time, entered) = (start, _scenario.Gap(random), 0);
            while (time <= _scenario.HorizonDays)
            {
                var point = (int)Math.Ceiling(time / _scenario.StepDays);
                var size = Math.Floor(_scenario.Size(random) + 0.5);
                var next = Math.Min(count + size, cap);
                var row = (int)(count / BinWidth) * stride;
                histogram[row + entered]++;
                histogram[row + point]--;
                sums[point] += next - count;
                squares[point] += (next * next) - (count * count);
                if (count < _scenario.Threshold && next >= _scenario.Threshold)
                {
                    passages[(int)(time * (DayBins / _scenario.HorizonDays) * 0.999999)]++;
                }

                (count, entered) = (next, point);
                if (count == cap)
                {
                    capped++;
                    break;
                }

                time += _scenario.Gap(random);
            }

            histogram[((int)(count / BinWidth) * stride) + entered]++;
        }

        sums[0] = paths * start;
        squares[0] = paths * start * start;
        return Task.FromResult(Summarize(paths, histogram, sums, squares, passages, capped));
    }

    public ValueTask DisposeAsync() => default;

    private Answer Summarize(long paths, int[] histogram, double[] sums, double[] squares, long[] passages, long capped)
    {
        var answer = new Answer(paths, 0, 0, 0, [], capped / (double)paths, passages.Sum() / (double)paths, null);
        var column = new long[Bins];
        var (sum, square) = (0.0, 0.0);
        for (var point = 0; point < _points; point++)
        {
            sum += sums[point];
            square += squares[point];
            for (var bin = 0; bin < Bins; bin++)
            {
                column[bin] += histogram[(bin * (_points + 1)) + point];
            }

            var quantiles = new double[PeerCase.Levels.Length];
            var (below, level) = (0L, 0);
            for (var bin = 0; level < quantiles.Length; bin++)
            {
                for (; level < quantiles.Length && below + column[bin] >= PeerCase.Levels[level] * paths; level++)
                {
                    quantiles[level] = (bin * BinWidth)
                        + (bin == Bins - 1 ? 0 : BinWidth * ((PeerCase.Levels[level] * paths) - below) / column[bin]);
                }

                below += column[bin];
            }

            answer = answer with { Values = answer.Values + 2 + quantiles.Length };
            if (point == peerCase.CheckedPoint)
            {
                var mean = sum / paths;
                answer = answer with { Mean = mean, Sd = Math.Sqrt((square - (sum * mean)) / (paths - 1)), Quantiles = quantiles };
            }
        }

        var passed = 0L;
        var day = Array.FindIndex(passages, paths1 => (passed += paths1) >= paths / 2.0);
        return answer with { MedianDay = day < 0 ? null : (day + 0.5) * _scenario.HorizonDays / DayBins };
    }
}
