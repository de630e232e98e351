using Scenarios.Engine.Distributions;

namespace Scenarios.Service.Api.Requests;

/// <summary>
/// The families that can be given by their own parameters, by mean and standard deviation, or by an interval that holds a
/// stated probability.
/// </summary>
internal static class ParametricFamilies
{
    /// <summary>Default of <c>Interval.probability</c>.</summary>
    public const double UsualProbability = 0.9;

    private static readonly Bounds Logarithm = new(-50, 50);
    private static readonly Bounds GammaShape = new(GammaDistribution.MinShape, GammaDistribution.MaxShape);
    private static readonly Bounds WeibullShape = new(WeibullDistribution.MinShape, WeibullDistribution.MaxShape);

    /// <summary>Parses a normal distribution.</summary>
    public static NormalDistribution? Parse(RequestField field, V1.Normal message)
    {
        var form = Forms.Choose(field, MeanAndDeviation(message.HasMean, message.HasStandardDeviation), IntervalOf(message.Interval));
        return form switch
        {
            0 => Moments(field, message.HasMean, message.Mean, message.HasStandardDeviation, message.StandardDeviation, Bounds.Any) is { } moments
                ? new(moments.Mean, moments.Deviation)
                : null,
            1 => FromInterval(field, message.Interval, Bounds.Any, NormalDistribution.FromInterval, "a finite standard deviation"),
            _ => null,
        };
    }

    /// <summary>Parses a log-normal distribution.</summary>
    public static LogNormalDistribution? Parse(RequestField field, V1.LogNormal message)
    {
        (string, bool)[] logarithm =
        [
            ("log_mean", message.HasLogMean),
            ("log_standard_deviation", message.HasLogStandardDeviation),
        ];
        var form = Forms.Choose(field, MeanAndDeviation(message.HasMean, message.HasStandardDeviation), logarithm, IntervalOf(message.Interval));
        switch (form)
        {
            case 0:
                // The logarithm's variance is ln(1 + (sd / mean)^2).
                var mostRatio = Math.Sqrt(Math.Exp(LogNormalDistribution.MaxLogStandardDeviation * LogNormalDistribution.MaxLogStandardDeviation)) * 0.999;
                return Moments(field, message.HasMean, message.Mean, message.HasStandardDeviation, message.StandardDeviation, Bounds.Positive)
                    is { } moments && CheckRatio(field, moments, 0, mostRatio)
                    ? LogNormalDistribution.FromMoments(moments.Mean, moments.Deviation)
                    : null;
            case 1:
                return Forms.Both(
                    field,
                    new("log_mean", message.HasLogMean, message.LogMean, Logarithm),
                    new(
                        "log_standard_deviation",
                        message.HasLogStandardDeviation,
                        message.LogStandardDeviation,
                        new(Bounds.Smallest, LogNormalDistribution.MaxLogStandardDeviation))) is { } both
                    ? new(both.First, both.Second)
                    : null;
            case 2:
                return FromInterval(
                    field,
                    message.Interval,
                    Bounds.Positive,
                    LogNormalDistribution.FromInterval,
                    "a log_standard_deviation of at most 10");
            default:
                return null;
        }
    }

    /// <summary>Parses a gamma distribution.</summary>
    public static GammaDistribution? Parse(RequestField field, V1.Gamma message)
    {
        var form = Forms.Choose(
            field,
            ShapeAndScale(message.HasShape, message.HasScale),
            MeanAndDeviation(message.HasMean, message.HasStandardDeviation),
            IntervalOf(message.Interval));
        switch (form)
        {
            case 0:
                return Forms.Both(
                    field,
                    new("shape", message.HasShape, message.Shape, GammaShape),
                    new("scale", message.HasScale, message.Scale, Bounds.Positive)) is { } both
                    ? new(both.First, both.Second)
                    : null;
            case 1:
                // The shape is (mean / sd)^2; a hair inside, so that its rounding cannot leave the range.
                return Moments(field, message.HasMean, message.Mean, message.HasStandardDeviation, message.StandardDeviation, Bounds.Positive)
                    is { } moments && CheckRatio(field, moments, 1.000001e-3, 4.472)
                    ? GammaDistribution.FromMoments(moments.Mean, moments.Deviation)
                    : null;
            case 2:
                return FromInterval(
                    field,
                    message.Interval,
                    Bounds.Positive,
                    GammaDistribution.FromInterval,
                    $"a shape {GammaShape}");
            default:
                return null;
        }
    }

    /// <summary>Parses a Weibull distribution.</summary>
    public static WeibullDistribution? Parse(RequestField field, V1.Weibull message)
    {
        var form = Forms.Choose(
            field,
            ShapeAndScale(message.HasShape, message.HasScale),
            MeanAndDeviation(message.HasMean, message.HasStandardDeviation),
            IntervalOf(message.Interval));
        switch (form)
        {
            case 0:
                return Forms.Both(
                    field,
                    new("shape", message.HasShape, message.Shape, WeibullShape),
                    new("scale", message.HasScale, message.Scale, Bounds.Positive)) is { } both
                    ? new(both.First, both.Second)
                    : null;
            case 1:
                // Shapes 1,000 and 0.1 have these ratios of standard deviation to mean.
                return Moments(field, message.HasMean, message.Mean, message.HasStandardDeviation, message.StandardDeviation, Bounds.Positive)
                    is { } moments && CheckRatio(field, moments, 1.29e-3, 429)
                    ? WeibullDistribution.FromMoments(moments.Mean, moments.Deviation)
                    : null;
            case 2:
                return FromInterval(
                    field,
                    message.Interval,
                    Bounds.Positive,
                    WeibullDistribution.FromInterval,
                    $"a shape {WeibullShape}");
            default:
                return null;
        }
    }

    private static (string, bool)[] MeanAndDeviation(bool hasMean, bool hasDeviation) =>
        [("mean", hasMean), ("standard_deviation", hasDeviation)];

    private static (string, bool)[] ShapeAndScale(bool hasShape, bool hasScale) => [("shape", hasShape), ("scale", hasScale)];

    private static (string, bool)[] IntervalOf(V1.Interval? interval) => [("interval", interval is not null)];

    private static (double Mean, double Deviation)? Moments(
        RequestField field,
        bool hasMean,
        double mean,
        bool hasDeviation,
        double deviation,
        Bounds means) => Forms.Both(
            field,
            new("mean", hasMean, mean, means),
            new("standard_deviation", hasDeviation, deviation, Bounds.Positive));

    /// <summary>Checks the ratio of standard deviation to mean, which sets the shape.</summary>
    private static bool CheckRatio(RequestField field, (double Mean, double Deviation) moments, double least, double most)
    {
        var ratio = moments.Deviation / moments.Mean;
        if (ratio >= least && ratio <= most)
        {
            return true;
        }

        // Within what is allowed, and rounded inwards, so that either end can be given.
        var low = Math.Max(Spoken.RoundedUp(moments.Mean * least), Bounds.Positive.Least);
        var high = Math.Min(Spoken.RoundedDown(moments.Mean * most), Bounds.Positive.Most);
        low = low / moments.Mean < least ? Spoken.RoundedUp(low * (1 + 1e-5)) : low;
        high = high / moments.Mean > most ? Spoken.RoundedDown(high * (1 - 1e-5)) : high;
        field.At("standard_deviation").Report(
            ViolationReason.OutOfRange,
            $"{Spoken.Number(moments.Deviation)} with a mean of {Spoken.Number(moments.Mean)} asks for a shape that is not allowed.",
            low <= high ? $"With this mean give a number {new Bounds(low, high)}." : "Give a larger or smaller mean too.");
        return false;
    }

    private static T? FromInterval<T>(
        RequestField family,
        V1.Interval interval,
        Bounds ends,
        Func<double, double, double, T?> solve,
        string allowed)
        where T : Distribution
    {
        var field = family.At("interval");
        interval.Probability = interval.HasProbability ? interval.Probability : UsualProbability;
        var isProbable = new Bounds(0.01, 0.999999).Allow(field.At("probability"), interval.Probability);
        var given = Forms.Ends(
            field,
            new("low", interval.HasLow, interval.Low, ends),
            new("high", interval.HasHigh, interval.High, ends));
        if (given is not { } end || !isProbable)
        {
            return null;
        }

        var found = solve(end.Low, end.High, interval.Probability);
        if (found is null)
        {
            field.Report(
                ViolationReason.OutOfRange,
                $"No distribution of this family with {allowed} holds {Spoken.Number(interval.Probability)} between "
                    + $"{Spoken.Number(end.Low)} and {Spoken.Number(end.High)}.",
                "Move low and high nearer together or farther apart, or use another family.");
        }

        return found;
    }
}
