using System.Globalization;
using System.Text.RegularExpressions;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Scenarios.Service.Api.Notation;
using Scenarios.Service.Api.Requests;
using Scenarios.V1;

namespace Scenarios.Service.Tests.Requests;

public sealed partial class InputRuleTests
{
    private static readonly char[] Controls = ['\u0000', '\u0007', '\u001b', '\r', '\u007f', '\u0085', '\u009b', '\u202e', '\u2066', '\u200f'];

    [Theory]
    [InlineData(0.30000000000000004, 0.3)]
    [InlineData(1.0 / 3, 0.333333333333)]
    [InlineData(1e15, 999_999_999_999_999.9)]
    [InlineData(1.0000000000000002e-9, 1e-9)]
    [InlineData(123_456_789.00000001, 123_456_789)]
    public void I3_ValuesInAMessage_DifferAndCanBeGivenBack(double before, double value)
    {
        var request = Empirical(before, value, max: 1e15);
        var violation = Assert.Single(Parsers.Violations(() => Parsers.Parse(request)), v => v.Field.EndsWith("quantiles[1].value", StringComparison.Ordinal));
        var mended = Number().Match(violation.Description[violation.Description.LastIndexOf("Give", StringComparison.Ordinal)..]).Value;
        Assert.DoesNotContain($"the value before it, {Spoken.Number(value)}. ", violation.Description, StringComparison.Ordinal);
        Parsers.Parse(Empirical(before, Read(mended), max: 1e15));
    }

    [Fact]
    public void I3_EveryNumber_IsPrintedSoThatItReadsBack()
    {
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var value = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-20, 25));
            Assert.Equal(value, Read(Spoken.Number(value)));
        }

        Assert.Equal(["20,000", "0.05", "1e15", "-1,234.5", "0", "1.5e-7"], new[] { 20_000, 0.05, 1e15, -1_234.5, 0, 1.5e-7 }.Select(Spoken.Number));
    }

    [Fact]
    public void I3_EveryRangeInAMessage_IsAcceptedAtBothEnds()
    {
        var random = new Random(2);
        for (var i = 0; i < 300; i++)
        {
            var mean = Math.Pow(10, (random.NextDouble() * 10) - 3);
            Func<double, Distribution>[] families =
            [
                sd => new() { Gamma = new() { Mean = mean, StandardDeviation = sd } },
                sd => new() { Weibull = new() { Mean = mean, StandardDeviation = sd } },
                sd => new() { Triangular = new() { Min = mean, Mode = sd, Max = mean * 1.7 } },
            ];
            foreach (var family in families)
            {
                foreach (var given in new[] { 1e-9, 1e14 })
                {
                    if (Problems(Batch(family(given))).Select(violation => Ends().Match(violation.Description)).FirstOrDefault(ends => ends.Success) is not { } ends)
                    {
                        continue;
                    }

                    foreach (var end in new[] { "low", "high" })
                    {
                        var field = Batch(family(Read(ends.Groups[end].Value)));
                        // A very heavy tail may reach too far: that is another rule, and says so.
                        Assert.DoesNotContain(Problems(field), violation => !violation.Description.StartsWith("Its largest draws", StringComparison.Ordinal));
                    }
                }
            }

            var request = Parsers.Full();
            request.Scenario.HorizonDays = 1 + (random.NextDouble() * 9_000);
            request.Scenario.StepDays = request.Scenario.HorizonDays / 1e6;
            var step = Problems(request).Single(violation => violation.Field == "scenario.step_days").Description;
            request.Scenario.StepDays = Read(Number().Match(step[step.LastIndexOf("at least", StringComparison.Ordinal)..]).Value);
            Assert.DoesNotContain(Problems(request), violation => violation.Field == "scenario.step_days");
        }
    }

    [Fact]
    public void I3_EveryMendAsData_IsAcceptedWhenApplied()
    {
        var random = new Random(3);
        var applied = 0;
        for (var i = 0; i < 600; i++)
        {
            var (a, b, c) = (random.Next(-300, 300), random.Next(1, 300), random.Next(-300, 300));
            string[] texts =
            [
                $"normal({a}, {b})", $"uniform({a}, {c})", $"triangular({a}, {b}, {c})", $"{a} to {c}", $"normal({a} to {c})", $"gamma({a} to {c})",
                $"normal({a}, {b}) truncated at most {c}", $"metalog(0.1: {a}, 0.5: {a + b}, 0.9: {a + b + 50})", $"pert({a}, {b}, {c})",
            ];
            var text = texts[random.Next(texts.Length)];
            var key = random.Next(2) == 0 ? "rotation_interval_days" : "batch_size";
            ProjectRequest Asked(string value) => new() { ScenarioName = "scenarios/dprk-rotation", Paths = 1, Overrides = { [key] = value } };
            try
            {
                Parsers.Parse(Asked(text));
            }
            catch (RpcException error) when (error.StatusCode == StatusCode.InvalidArgument)
            {
                foreach (var mend in error.GetRpcStatus()!.GetDetail<Mends>()?.Mends_ ?? [])
                {
                    Assert.Empty(Problems(Asked(mend.Text)));
                    applied++;
                }
            }
            catch (RpcException)
            {
                // Too small gaps cost too much, which is not for a mend.
            }
        }

        Assert.True(applied > 100, $"{applied} mends");
    }

    [Fact]
    public void I3_ATruncationIsOfferedOnlyIfItLeavesEnough() => Assert.DoesNotContain(
        "truncated",
        Assert.Single(Problems(new() { ScenarioName = "scenarios/dprk-rotation", Overrides = { ["rotation_interval_days"] = "normal(-100, 10)" } })).Description,
        StringComparison.Ordinal);

    [Fact]
    public void I4_AMetalogThatIsNone_NamesAllRanges()
    {
        var violation = Assert.Single(Problems(Batch(Metalog(50, 70, 75, 120, 150))));
        Assert.Contains("from 0.206 to 0.54", violation.Description, StringComparison.Ordinal);
        Assert.Contains("above 0.788", violation.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void I4_EveryAdviceForAMetalog_Mends()
    {
        var random = new Random(4);
        var (refused, followed) = (0, 0);
        for (var i = 0; i < 400; i++)
        {
            var values = new double[5];
            values[0] = random.Next(1, 100);
            for (var k = 1; k < 5; k++)
            {
                values[k] = values[k - 1] + Math.Round(Math.Pow(10, random.NextDouble() * 2), 2);
            }

            var metalog = Metalog(values);
            if (Problems(Batch(metalog.Clone())).FirstOrDefault(violation => violation.Description.StartsWith("No metalog", StringComparison.Ordinal)) is not { } problem)
            {
                continue;
            }

            refused++;
            foreach (Match advice in Advice().Matches(problem.Description))
            {
                var mended = metalog.Clone();
                switch (advice.Groups["what"].Value)
                {
                    case "upper_bound of ":
                        mended.Metalog.UpperBound = Read(advice.Groups["number"].Value);
                        break;
                    case "lower_bound of ":
                        mended.Metalog.LowerBound = Read(advice.Groups["number"].Value);
                        break;
                    default:
                        mended.Metalog.Quantiles.RemoveAt((int)Read(advice.Groups["number"].Value));
                        break;
                }

                Assert.DoesNotContain(Problems(Batch(mended)), violation => violation.Description.StartsWith("No metalog", StringComparison.Ordinal));
                followed++;
            }
        }

        Assert.True(refused > 20 && followed > 20, $"{refused} refused, {followed} followed");
    }

    [Fact]
    public void I7_LengthsAreInCodePoints()
    {
        var request = Parsers.Full();
        request.Scenario.DisplayName = string.Concat(Enumerable.Repeat("\ud83d\ude00", 200));
        request.Scenario.Labels["\ud83d\ude00"] = string.Concat(Enumerable.Repeat("\ud83d\ude00", 63));
        Assert.Empty(Problems(request));
        request.Scenario.DisplayName += "\ud83d\ude00";
        Assert.Contains("has 201 characters", Assert.Single(Problems(request)).Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("60 too\ud83d\ude00", 3)]
    [InlineData("\ud83d\ude00\ud83d\ude00", 0)]
    [InlineData("60 to \ud83d\ude00", 6)]
    [InlineData("mixture(1: 5, \ud83d\ude00: 6, 7)", 14)]
    [InlineData("\u3000\u300060 \ud83d\ude00 \ud83d\ude00", 5)]
    public void I7_PositionsAreInCodePoints(string text, int position)
    {
        Assert.False(DistributionNotation.TryParse(text, out _, out var error));
        Assert.Equal(position, error.Position);
    }

    [Fact]
    public void I7_ATextOfTheMostCharacters_IsRead()
    {
        var blanks = new string(' ', DistributionNotation.MaxLength - 1);
        Assert.True(DistributionNotation.TryParse(blanks + "5", out _, out _));
        Assert.False(DistributionNotation.TryParse(blanks + "55", out _, out var error));
        Assert.Contains("2,001 characters", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("60-150")]
    [InlineData("60\u2013150")]
    [InlineData("60 \u2014 150")]
    [InlineData("60 - 150")]
    [InlineData("60\u2212150")]
    [InlineData("60..180 truncated 60-150", "60 to 180 truncated 60 to 150")]
    [InlineData("60..150")]
    [InlineData("60...150")]
    [InlineData("60\u2026150")]
    [InlineData("60 to 150 days")]
    [InlineData("60 days to 150 days")]
    [InlineData("60-150 (90 %) Days", "60 to 150 (90 %)")]
    [InlineData("30 days", "30")]
    [InlineData("-5--1", "-5 to -1")]
    [InlineData("normal(60-150)", "normal(60 to 150)")]
    [InlineData("1.5e-3-2k", "0.0015 to 2000")]
    [InlineData("exponential(100) truncated 0 to 50 truncated 10 to 20", "exponential(100) truncated 10 to 20")]
    [InlineData("exponential(100) truncated at least 5 truncated at most 9", "exponential(100) truncated 5 to 9")]
    public void I8_AndI9_RangesDaysAndSeveralTruncations_AreTaken(string text, string same = "60 to 150")
    {
        Assert.True(DistributionNotation.TryParse(text, out var read, out var error, NotationUnit.Days), error?.Message);
        Assert.True(DistributionNotation.TryParse(same, out var expected, out _, NotationUnit.Days));
        Assert.Equal(expected, read);
    }

    [Theory]
    [InlineData("60 -150", "A range is written with \"to\": to 150", "omma")]
    [InlineData("60 150", "to 150", "omma")]
    [InlineData("01", "Write \"1\"", "omma")]
    [InlineData("-007.5", "Write \"-7.5\"", "omma")]
    [InlineData("15,000", "write 15000", "range")]
    [InlineData("1.234.567", "write 1234567", "range")]
    [InlineData("60, 180", "60 to 180", "thousand")]
    [InlineData("uniform(1, 2, 3)", "one argument too many", "thousand")]
    [InlineData("uniform(2,500, 5,500)", "write 5500", "range")]
    [InlineData("60 to 150 weeks", "a week has 7", "omma")]
    [InlineData("60 to 90 to 120", "two ends", "expected")]
    [InlineData("normal(1, 2) to 5", "two ends", "expected")]
    [InlineData("60 to 90 too", "expected the end of the text or \"truncated\"", "\"to\"")]
    [InlineData("exponential(5) truncated 0 to 5 to 9", "two ends", "expected")]
    [InlineData("exponential(5) truncated 0 to 5 truncated 6 to 9", "No value lies within", "expected")]
    public void I8_AndI9_AHintFitsItsCause_AndNothingIsExpectedThatWasFound(string text, string said, string unsaid)
    {
        Assert.False(DistributionNotation.TryParse(text, out _, out var error, NotationUnit.Days));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(unsaid, error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void I9_DaysStandBehindTimesAlone()
    {
        static ProjectRequest Asked(string key, string text) => new() { ScenarioName = "scenarios/dprk-rotation", Overrides = { [key] = text } };
        Parsers.Parse(Asked("rotation_interval_days", "60 to 150 days"));
        Assert.Contains("has no unit", Assert.Single(Problems(Asked("batch_size", "600 to 1500 days"))).Description, StringComparison.Ordinal);
        var request = Parsers.Full();
        request.Scenario.Assumptions.RotationIntervalDays.Distribution = new() { Text = "60 to 150 days" };
        Assert.Empty(Problems(request));
        Assert.NotEmpty(Problems(Batch(new() { Text = "600 to 1500 days" })));
    }

    [Theory]
    [InlineData("rotation_mode", "Reinforce")]
    [InlineData("rotation_interval_days.resampling", "per-path")]
    public void I11_AnOverrideIgnoresTheCaseOfAnEnum(string key, string value) =>
        Parsers.Parse(new() { ScenarioName = "scenarios/dprk-rotation", Overrides = { [key] = value } });

    public static TheoryData<string, bool> Texts() => new()
    {
        { "scenario.display_name", false }, { "scenario.description", true }, { "scenario.noun", false }, { "scenario.verb", false },
        { "scenario.labels[\"k\"]", false }, { "scenario.events[0].display_name", false }, { "scenario.events[0].evidence[0].claim", true },
        { "scenario.assumptions.batch_size.evidence[0].source", false }, { "scenario.assumptions.batch_size.evidence[0].claim", true },
        { "scenario.assumptions.batch_size.evidence[0].uri", false },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void T1_AControlCharacter_IsRefusedAtItsField(string field, bool isMultiline)
    {
        foreach (var control in Controls)
        {
            Assert.Contains($"U+{(int)control:X4}", Assert.Single(Problems(With(field, $"a{control}b"))).Description, StringComparison.Ordinal);
        }

        Assert.Equal(isMultiline ? 0 : 1, Problems(With(field, "a\n\tb\r\nc")).Count);
        Assert.Empty(Problems(With(field, "\u00e4 \u05d0\u0628 \ud83d\ude00 \u2013")));
    }

    [Fact]
    public async Task T1_AStoredScenarioWithControlCharacters_IsStillProjected()
    {
        var parser = new ProjectRequestParser(Options.Create(new LimitsOptions()), new Stored(With("scenario.noun", "t\u001b[31m").Scenario));
        var (spec, _) = await parser.ParseAsync(new() { ScenarioName = "scenarios/old" }, CancellationToken.None);
        Assert.Equal("t\u001b[31m", spec.Scenario.Noun);
    }

    [Fact]
    public void T1_AMessageShowsControlCharactersEscaped()
    {
        var violation = Assert.Single(Problems(new() { ScenarioName = "scenarios/dprk-rotation", Overrides = { ["cap"] = "6\u001b[31m\u009b\u202e" } }));
        Assert.DoesNotContain(violation.Description, Api.CodePoints.IsControl);
        Assert.Contains("\\u001b[31m\\u009b\\u202e", violation.Description, StringComparison.Ordinal);
    }

    private static ProjectRequest With(string field, string text)
    {
        var request = Parsers.Full();
        var scenario = request.Scenario;
        var batch = scenario.Assumptions.BatchSize;
        batch.Evidence.Clear();
        batch.Evidence.Add(new Evidence());
        scenario.Events[0].Evidence.Clear();
        scenario.Events[0].Evidence.Add(new Evidence());
        Action<string> set = field switch
        {
            "scenario.display_name" => value => scenario.DisplayName = value,
            "scenario.description" => value => scenario.Description = value,
            "scenario.noun" => value => scenario.Noun = value,
            "scenario.verb" => value => scenario.Verb = value,
            "scenario.labels[\"k\"]" => value => scenario.Labels["k"] = value,
            "scenario.events[0].display_name" => value => scenario.Events[0].DisplayName = value,
            "scenario.events[0].evidence[0].claim" => value => scenario.Events[0].Evidence[0].Claim = value,
            "scenario.assumptions.batch_size.evidence[0].source" => value => batch.Evidence[0].Source = value,
            "scenario.assumptions.batch_size.evidence[0].claim" => value => batch.Evidence[0].Claim = value,
            _ => value => batch.Evidence[0].Uri = value,
        };
        set(text);
        return request;
    }

    private static Distribution Metalog(params double[] values)
    {
        double[] probabilities = [0.1, 0.5, 0.6, 0.7, 0.8];
        var metalog = new Metalog();
        metalog.Quantiles.AddRange(values.Select((value, i) => new Metalog.Types.Quantile { Probability = probabilities[i], Value = value }));
        return new() { Metalog = metalog };
    }

    private static ProjectRequest Batch(Distribution distribution)
    {
        var request = Parsers.Full();
        request.Scenario.Correlations.Clear();
        request.Scenario.Assumptions.BatchSize = new() { Distribution = distribution };
        return request;
    }

    private static ProjectRequest Empirical(double before, double value, double max) => Batch(new()
    {
        Empirical = new()
        {
            Min = 0,
            Max = max,
            Quantiles = { new Empirical.Types.Quantile { Probability = 0.2, Value = before }, new Empirical.Types.Quantile { Probability = 0.5, Value = value } },
        },
    });

    private static Google.Protobuf.Collections.RepeatedField<BadRequest.Types.FieldViolation> Problems(ProjectRequest request)
    {
        try
        {
            Parsers.Parse(request);
            return [];
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.ResourceExhausted)
        {
            return []; // What it costs is another matter.
        }
        catch (RpcException error)
        {
            return error.GetRpcStatus()!.GetDetail<BadRequest>().FieldViolations;
        }
    }

    private static double Read(string number) => double.Parse(number.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    [GeneratedRegex(@"-?[0-9][0-9,]*(\.[0-9]+)?(e-?[0-9]+)?")]
    private static partial Regex Number();

    [GeneratedRegex(@"(?:give a number|Give a mode) from (?<low>[0-9][0-9,]*(\.[0-9]+)?(e-?[0-9]+)?) to (?<high>[0-9][0-9,]*(\.[0-9]+)?(e-?[0-9]+)?)", RegexOptions.ExplicitCapture)]
    private static partial Regex Ends();

    [GeneratedRegex(@"(?<what>upper_bound of |lower_bound of |quantiles\[)(?<number>-?[0-9][0-9,]*(\.[0-9]+)?(e-?[0-9]+)?)", RegexOptions.ExplicitCapture)]
    private static partial Regex Advice();

    private sealed class Stored(Scenario scenario) : IScenarioCatalog
    {
        public ValueTask<Scenario?> FindAsync(ScenarioName name, CancellationToken cancellationToken)
        {
            var stored = scenario.Clone();
            stored.Name = name.ToString();
            return new(stored);
        }
    }
}
