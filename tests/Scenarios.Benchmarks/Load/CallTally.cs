using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.Core;

namespace Scenarios.Benchmarks.Load;

/// <summary>Calls of one kind: how long each took and how it ended.</summary>
internal sealed class CallTally(string name)
{
    private readonly ConcurrentQueue<(double Seconds, string Status)> _calls = new();

    public string Name => name;

    public int Count => _calls.Count;

    public int Of(string status) => _calls.Count(call => call.Status == status);

    public void Add(double seconds, string status) => _calls.Enqueue((seconds, status));

    /// <summary>Makes a call and takes note of it.</summary>
    public async Task<bool> MeasureAsync(Func<Task> call)
    {
        var began = Stopwatch.GetTimestamp();
        var status = "OK";
        try
        {
            await call();
        }
        catch (RpcException error)
        {
            status = error.StatusCode.ToString();
        }
        catch (OperationCanceledException)
        {
            status = nameof(StatusCode.Cancelled);
        }

        Add(Stopwatch.GetElapsedTime(began).TotalSeconds, status);
        return status == "OK";
    }

    /// <summary>Seconds that a share of the calls that ended well took at most.</summary>
    public double Quantile(double share) => Of(_calls.Where(call => call.Status == "OK").Select(call => call.Seconds), share);

    public static double Of(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[(int)Math.Min(sorted.Length - 1, Math.Ceiling(share * sorted.Length) - 1)];
    }

    /// <summary>How the calls ended, most frequent first.</summary>
    public string Statuses() => string.Join(", ", _calls.GroupBy(call => call.Status).OrderByDescending(group => group.Count()).Select(group => $"{group.Key} {group.Count():N0}"));

    /// <summary>Calls that ended as none may.</summary>
    public int Faults => _calls.Count(call => call.Status is nameof(StatusCode.Internal) or nameof(StatusCode.Unknown) or nameof(StatusCode.DataLoss) or "fault");
}
