using Scenarios.Engine.Model;
using Scenarios.Engine.Simulation;
using Scenarios.Service.Api.Errors;

namespace Scenarios.Service.Api.Requests;

/// <summary>Bounds what a projection may cost before anything is simulated.</summary>
internal static class RequestCost
{
    /// <summary>Clients refuse messages over 4 MiB by default; contract.md draws the line below.</summary>
    public const int MostMessageBytes = 7 << 19; // 3.5 MiB

    /// <summary>A double in a list; with a tag; a date with its tag; the heads of nested messages.</summary>
    private const int Number = 8, Field = 9, Date = 11, Head = 8;

    /// <summary>Atoms that a histogram may add to the bins asked for: a lattice's counts with a bin between two of them.</summary>
    private const int MostAtomBins = 1_004;

    /// <summary>Refuses work, memory or messages beyond the limits.</summary>
    /// <exception cref="Grpc.Core.RpcException">REQUEST_TOO_LARGE, saying what would fit.</exception>
    public static void Check(
        ArrivalModel model, Sampling sampling, V1.ProjectRequest request, int thresholds, int extraDays, int points, LimitsOptions limits)
    {
        var estimate = WorkEstimate.Of(model, thresholds, extraDays, sampling);
        CheckWork(model, request.Paths, estimate, limits);
        if (estimate.MostTallyBytes > limits.MemoryBytes)
        {
            var gridPoints = Math.Ceiling(model.HorizonDays / model.StepDays) + 1 + extraDays;
            throw ApiErrors.RequestTooLarge(
                "Limits:MemoryBytes",
                $"up to {Mebibytes(estimate.MostTallyBytes)} of memory for {Spoken.Number(gridPoints)} points in time",
                Mebibytes(limits.MemoryBytes),
                $"{Spoken.Number(Math.Floor(gridPoints * limits.MemoryBytes / estimate.MostTallyBytes))} points in time would fit: take a longer step_days.");
        }

        CheckMessage(model, request, points, estimate.ArrivalsPerPath);
    }

    /// <summary>Refuses to replay a path of more arrivals than a message holds.</summary>
    /// <exception cref="Grpc.Core.RpcException">REQUEST_TOO_LARGE, saying what would fit.</exception>
    public static void CheckReplay(ArrivalModel model, LimitsOptions limits)
    {
        const int entry = 240;
        var estimate = WorkEstimate.Of(model, 0, 0);
        CheckWork(model, 1, estimate, limits);

        // A batch that leaves at the end of its tour is told twice, an event when it starts and when it ends.
        var room = MostMessageBytes - (2.0 * model.Events.Length * entry);
        var allowed = Math.Floor(room / entry / (model.TourLengthDays is null ? 1 : 2));
        if (estimate.ArrivalsPerPath > allowed)
        {
            throw ApiErrors.RequestTooLarge(
                "message size",
                $"a path of about {Spoken.Number(Math.Ceiling(estimate.ArrivalsPerPath))} arrivals to be told one by one",
                Spoken.Number(allowed),
                $"A horizon of {Spoken.Number(RoundedDown(model.HorizonDays * allowed / estimate.ArrivalsPerPath))} days would fit.");
        }
    }

    private static void CheckWork(ArrivalModel model, long paths, WorkEstimate estimate, LimitsOptions limits)
    {
        // The first thousand paths set the range of the bins, whatever the number asked for.
        var jumps = Math.Max(paths, Projector.PilotPaths) * estimate.ArrivalsPerPath;
        var isClockTooCoarse = estimate.GapTicks < WorkEstimate.ShortestGapTicks;
        if (jumps <= limits.MaxJumps && !isClockTooCoarse)
        {
            return;
        }

        var (pathsThatFit, horizon) = Fitting(model, estimate, limits);
        var over = horizon < model.HorizonDays ? $" over {Spoken.Number(horizon)} days" : "";
        var fits = $"{Spoken.Number(jumps > limits.MaxJumps ? pathsThatFit : Math.Min(paths, pathsThatFit))} paths{over} would fit.";
        throw jumps > limits.MaxJumps
            ? ApiErrors.RequestTooLarge("Limits:MaxJumps", $"{Rounded(jumps)} expected arrivals", Spoken.Number(limits.MaxJumps), fits)
            : ApiErrors.RequestTooLarge(
                "the engine's clock",
                $"{Rounded(estimate.ArrivalsPerPath)} arrivals in a path",
                $"about {Rounded(estimate.ArrivalsPerPath * estimate.GapTicks / WorkEstimate.ShortestGapTicks)}",
                fits);
    }

    /// <summary>How many paths fit over the horizon, or over a shorter one where the horizon itself is too long.</summary>
    /// <remarks>
    /// Tried, not worked out: arrivals need not be in proportion to the horizon (gaps drawn once per path), and the clock gets finer
    /// in steps of two.
    /// </remarks>
    private static (double Paths, double Horizon) Fitting(ArrivalModel model, WorkEstimate estimate, LimitsOptions limits)
    {
        var horizon = model.HorizonDays;
        while (true)
        {
            var paths = limits.MaxJumps / estimate.ArrivalsPerPath;
            var share = Math.Min(estimate.GapTicks / WorkEstimate.ShortestGapTicks, paths / Projector.PilotPaths);
            if (share >= 1 || horizon <= ScenarioParser.ShortestHorizon)
            {
                return (Math.Floor(Math.Min(paths, limits.MaxPaths)), horizon);
            }

            horizon = Math.Max(ScenarioParser.ShortestHorizon, RoundedDown(horizon * Math.Min(share, 0.9)));
            estimate = WorkEstimate.Of(model with { HorizonDays = horizon, StepDays = Math.Min(model.StepDays, horizon) }, 0, 0);
        }
    }

    private static void CheckMessage(ArrivalModel model, V1.ProjectRequest request, int points, double arrivals)
    {
        var levels = request.QuantileLevels.Count;
        var passages = request.Thresholds.Count + (model.Cap is null ? 0 : 1);
        var counts = model.RotationMode == RotationMode.Unspecified ? 1 : 2;
        var point = Field + Date + Head + (counts * ((6 * Field) + (2 * Head) + (2 * Number * levels))) + (Number * passages);
        var passage = (4 * Field) + (3 * Head) + (levels * ((3 * Field) + Date + Head)) + 64;
        const int happening = Head + 64 + (2 * Field);
        var isLattice = model.BatchSize.Distribution.Min == model.BatchSize.Distribution.Max;
        var histogram = Field + (2 * Head) + (2 * Number * (request.HistogramBinCount + (isLattice ? MostAtomBins : 4)));
        var jumps = model.TourLengthDays is null ? arrivals + 1 : 2 * (arrivals + 1);
        var path = (3 * Head) + ((counts + 1) * Number * jumps);

        var ofPoints = (double)points * point;
        var ofPaths = request.SamplePathCount * path;
        var ofHistograms = (double)request.HistogramDays.Count * histogram;
        var ofTheRest = request.Scenario.CalculateSize() + (passages * passage) + (model.Events.Length * happening) + (Number * levels) + 2_048.0;
        var total = ofPoints + ofPaths + ofHistograms + ofTheRest;
        if (total <= MostMessageBytes)
        {
            return;
        }

        var room = MostMessageBytes - total;
        string Fitting(double taken, double each) => Spoken.Number(Math.Max(0, Math.Floor((taken + room) / each)));
        var (largest, fits) = new[]
        {
            (Bytes: ofPaths, Fits: $"{Fitting(ofPaths, path)} sample paths would fit."),
            (Bytes: ofPoints, Fits: $"{Fitting(ofPoints, point)} points in time would fit: give report_days, or a longer step_days."),
            (Bytes: ofHistograms, Fits: $"{Fitting(ofHistograms, histogram)} histogram_days would fit."),
        }.MaxBy(part => part.Bytes);
        throw ApiErrors.RequestTooLarge(
            "message size",
            $"an answer of about {Mebibytes(total)}",
            Mebibytes(MostMessageBytes),
            largest + room > 0 ? fits : "Ask for fewer points in time, sample paths and histograms.");
    }

    private static string Mebibytes(double bytes) => $"{bytes / (1024 * 1024):#,0.#} MiB";

    /// <summary>Four significant digits.</summary>
    private static string Rounded(double value) => value < 10_000 ? Spoken.Number(Math.Ceiling(value)) : value.ToString("0.###e0");

    /// <summary>Two significant digits, rounded down.</summary>
    private static double RoundedDown(double days)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(days)) - 1);
        return Math.Floor(days / unit) * unit;
    }
}
