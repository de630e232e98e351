using Scenarios.Engine.Model;
using Scenarios.Engine.Statistics;
using Scenarios.Service.Runs;

namespace Scenarios.Service.Api.Responses;

/// <summary>
/// The answer in words, with <c>**emphasis**</c> as the only markup. Every figure comes from the tally, whatever levels, thresholds
/// and days were asked; what the scenario lacks is left out.
/// </summary>
internal sealed class Answer
{
    /// <summary>"Within a year" is said of horizons that hold one.</summary>
    private const double YearDays = 365;

    /// <summary>The share of one in twenty at either end of the interval needs this many futures to be seen at all.</summary>
    private const long FewestPathsForInterval = 20;

    /// <summary>The fastest 1 in 100 are then at least ten futures.</summary>
    private const long FewestPathsForFastest = 1000;

    private readonly ArrivalModel _model;
    private readonly KeyFigures _figures;
    private readonly long _paths;
    private readonly long? _threshold;
    private readonly Calendar _calendar;
    private readonly string _noun;
    private readonly string _verb;
    private readonly string _horizon;

    public Answer(ProjectionSpec spec, ProjectionSummary summary, Calendar calendar)
    {
        _model = spec.Model;
        _figures = summary.KeyFigures;
        _paths = summary.Paths;
        _threshold = spec.Query.HeadlineThreshold;
        _calendar = calendar;
        _noun = Plain(spec.Scenario.Noun);
        _verb = spec.Scenario.Verb.Length == 0 ? "counted" : Plain(spec.Scenario.Verb);
        _horizon = calendar.InWords(spec.Model.HorizonDays);
    }

    /// <summary>How many by the horizon, how sure, and what is passed on the way.</summary>
    public string Headline => $"By {_horizon} {Total}{Interval}{Passages}.";

    /// <summary>How fast the ceiling can come, and how many are there at any one time; empty where neither can be said.</summary>
    public string Consequence => string.Join(' ', new[] { CeilingSentence, PresentSentence }.Where(sentence => sentence.Length > 0));

    /// <summary>
    /// All that makes the total is known, each assumption one number and each event known to happen then and so long, or not: there
    /// is one future, and nothing about it is a matter of chance. Tours take part where those gone make room below the cap.
    /// </summary>
    private bool IsCertain => _model.SkipProbability == 0
        && new[] { _model.InitialCount, _model.RotationIntervalDays, _model.BatchSize, _model.Cap, _model.FirstArrivalDays }
            .All(assumption => !Spread.Varies(assumption))
        && (CapLimitsTotal || !Spread.Varies(_model.TourLengthDays))
        && !_model.Events.Any(happening =>
            (Spread.ActsOnBatches(happening) || happening.CapChange != 0) && Spread.Varies(happening, _model));

    /// <summary>The counts at both ends of the interval are one and the same atom.</summary>
    private bool IsOneCount => _figures.Low == _figures.High && _figures.Median.StandardError == 0;

    private bool CapLimitsTotal => _model.CapBasis == CapBasis.Cumulative;

    /// <summary>The ceiling as a figure to compare with: one known number that no event moves.</summary>
    private double? FixedCap => EventsMoveCap ? null : _figures.ConstantCap;

    private bool EventsMoveCap => _model.Events.Any(happening => happening.CapChange != 0);

    /// <summary>Two significant figures of the median, finer where the ends of the interval would fall together.</summary>
    private double Step
    {
        get
        {
            var step = CountWords.TwoFigureStep(_figures.Median.Value > 0 ? _figures.Median.Value : _figures.High.Value);
            while (step > 1 && _figures.Low.Value < _figures.High.Value
                && CountWords.Rounded(_figures.Low.Value, step) == CountWords.Rounded(_figures.High.Value, step))
            {
                step /= 10;
            }

            return step;
        }
    }

    private string Total
    {
        get
        {
            var unit = _noun.Length == 0 ? "" : " " + _noun;
            var median = IsCertain || IsOneCount
                ? $"**{CountWords.Exact(_figures.Median.Value)}{unit}**"
                : CountWords.Computed(_figures.Median, Step, unit, alwaysAbout: true);
            return _noun.Length == 0 ? $"the total {_verb} will be {median}" : $"{median} will have been {_verb} in total";
        }
    }

    private string Interval
    {
        get
        {
            if (IsCertain || _paths < FewestPathsForInterval)
            {
                return "";
            }

            var endsAtCap = CapLimitsTotal && FixedCap is { } cap && _figures.High.Value >= cap;
            if (IsOneCount)
            {
                // How sure the ceiling is, its own clause says.
                return endsAtCap ? "" : $", very likely (over {ChanceWords.Percent("90")}) exactly that";
            }

            var low = CountWords.Computed(_figures.Low, Step);
            if (endsAtCap)
            {
                // In an atom, more than 1 in 20 futures may end at the very count: only "at least" is then true.
                var beyond = _figures.Low.StandardError == 0 ? "at least" : "more than";
                return $", very likely ({ChanceWords.Percent("95")}) {beyond} {low}";
            }

            return $", very likely ({ChanceWords.Percent("90")}) between {low} and {CountWords.Computed(_figures.High, Step)}";
        }
    }

    private string Passages
    {
        get
        {
            var clauses = new List<Clause>();
            if (_threshold is { } threshold && _figures.Threshold is { } passing)
            {
                clauses.Add(StartsAt(threshold) ? new($"**{CountWords.Exact(threshold)}**", "is", "passed from the start")
                    : IsCertain ? new($"**{CountWords.Exact(threshold)}**", "is", passing.Probability == 1 ? "passed" : "not passed")
                    : Chances($"passing **{CountWords.Exact(threshold)}**", passing));
            }

            if (_figures.Cap is { } reaching)
            {
                clauses.Add(CapIsReachedAtStart ? new(Ceiling, "is", "reached from the start")
                    : IsCertain ? new(Ceiling, "is", reaching.Probability == 1 ? "reached" : "not reached")
                    : Chances($"reaching {Ceiling}", reaching));
            }

            return clauses switch
            {
                [] => "",
                [var only] => $"; {only.Subject} {only.Verb} {only.Rest}",
                [var first, var second] when first.Verb == second.Verb =>
                    $"; {first.Subject} {first.Verb} {first.Rest}, {second.Subject} {second.Rest}",
                [var first, var second, ..] => $"; {first.Subject} {first.Verb} {first.Rest}, {second.Subject} {second.Verb} {second.Rest}",
            };
        }
    }

    private string Ceiling
    {
        get
        {
            var ceiling = FixedCap is { } cap ? $"the ceiling of **{CountWords.Exact(cap)}**"
                : EventsMoveCap ? "the ceiling then in force"
                : "the ceiling";
            return CapLimitsTotal ? ceiling : ceiling + (EventsMoveCap ? " on those present" : " at any one time");
        }
    }

    private bool CapIsReachedAtStart => FixedCap is { } cap && StartsAt(cap);

    private string CeilingSentence
    {
        get
        {
            if (_figures.Cap is not { } cap || CapIsReachedAtStart || (IsCertain && cap.Probability == 0))
            {
                return "";
            }

            if (IsCertain && _figures.CapFastestPercentDay is { } certainDay)
            {
                return $"{Capitalised(Ceiling)} is reached on {_calendar.InWords(certainDay)}.";
            }

            var year = _model.HorizonDays < YearDays ? ""
                : WithinYear + $" within a year happens in **{CountWords.Share(_figures.CapWithinYearPaths, _paths)}**";
            var fastest = _paths >= FewestPathsForFastest && _figures.CapFastestPercentDay is { } day
                ? $"the fastest 1 in 100 {(year.Length == 0 ? $"reach {Ceiling}" : "get there")} by {_calendar.InWords(day)}" : "";
            return (year, fastest) switch
            {
                ("", "") => "",
                ("", _) => Capitalised(fastest) + ".",
                (_, "") => year + ".",
                _ => $"{year}; {fastest}.",
            };
        }
    }

    private string WithinYear => FixedCap is { } cap
        ? CountWords.Exact(cap) + (CapLimitsTotal ? "" : " at any one time")
        : $"Reaching {Ceiling}";

    private string PresentSentence => _model.RotationMode switch
    {
        RotationMode.Unspecified => "",
        RotationMode.Reinforce when _model.TourLengthDays is null => "None leave: all that came are still present.",
        RotationMode.Reinforce when _figures.PresentMedian is { } median =>
            $"{PresentAtHorizon(median)}: each batch leaves at the end of its tour.",
        RotationMode.Relieve when _figures.PresentThroughout is { } present && StartsAt(present) =>
            $"All along, **{CountWords.Exact(present)}** are present at any one time: as many leave as arrive.",
        RotationMode.Relieve when _figures.PresentMedian is { } median =>
            $"{PresentAtHorizon(median)}: as many leave as arrive, or all that are there if they are fewer.",
        _ => "",
    };

    private string PresentAtHorizon(CountQuantile median)
    {
        var isCertain = IsCertain && !Spread.Varies(_model.TourLengthDays);
        return median.Value > 0
            ? $"On {_horizon} {CountWords.Computed(median, CountWords.TwoFigureStep(median.Value), alwaysAbout: !isCertain)} are present"
            : $"On {_horizon} none are present" + (isCertain ? "" : " in at least half of all futures");
    }

    /// <summary>Does every path start at that count or above it? The initial count does, and no path's own cap cuts it.</summary>
    private bool StartsAt(double count) => count == 0
        || (_model.InitialCount is { } initial && !Spread.Varies(initial) && Least(initial) >= count
            && (_model.Cap is not { } cap || Least(cap) >= count));

    private static double Least(Assumption assumption) =>
        CountWords.Rounded(assumption.Distribution.Min * (assumption.PathFactor?.Min ?? 1), 1);

    private Clause Chances(string subject, Chance chance) => new(
        subject,
        ChanceWords.Word(chance, _paths) == ChanceWords.AlmostNoChance ? "has" : "is",
        ChanceWords.InWords(chance, _paths));

    private static string Capitalised(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence[1..];

    /// <summary>The scenario's own words cannot open or close an emphasis.</summary>
    private static string Plain(string words) => words.Replace('*', '\u2217');

    private readonly record struct Clause(string Subject, string Verb, string Rest);
}
