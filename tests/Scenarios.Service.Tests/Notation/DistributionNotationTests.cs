using Google.Protobuf;
using Google.Protobuf.Reflection;
using Scenarios.Service.Api.Notation;

namespace Scenarios.Service.Tests.Notation;

public class DistributionNotationTests
{
    private const int RoundTrips = 20_000;

    // The text, its canonical form, and the message as JSON.
    public static TheoryData<string, string, string> GoodTexts => new()
    {
        { "15000", "15000", """{"constant": 15000}""" },
        { " 15_000 ", "15000", """{"constant": 15000}""" },
        { "15k", "15000", """{"constant": 15000}""" },
        { "1.2M", "1200000", """{"constant": 1200000}""" },
        { "1.5e3", "1500", """{"constant": 1500}""" },
        { "-.5", "-0.5", """{"constant": -0.5}""" },
        { "+7", "7", """{"constant": 7}""" },
        { "0.1k", "100", """{"constant": 100}""" },
        { "1e300", "1e300", """{"constant": 1e300}""" },
        { "123456789012345680000", "123456789012345680000", """{"constant": 123456789012345680000}""" },
        { "0.000001", "0.000001", """{"constant": 1e-6}""" },
        { "1.25e-7", "1.25e-7", """{"constant": 1.25e-7}""" },
        { "constant(5)", "5", """{"constant": 5}""" },
        { "60 to 180", "60 to 180", """{"log_normal": {"interval": {"low": 60, "high": 180}}}""" },
        { "60TO180", "60 to 180", """{"log_normal": {"interval": {"low": 60, "high": 180}}}""" },
        { "60 to 180 (80 %)", "60 to 180 (80 %)", """{"log_normal": {"interval": {"low": 60, "high": 180, "probability": 0.8}}}""" },
        { "60 to 180(0.8)", "60 to 180 (80 %)", """{"log_normal": {"interval": {"low": 60, "high": 180, "probability": 0.8}}}""" },
        { "log-normal(60 to 180)", "60 to 180", """{"log_normal": {"interval": {"low": 60, "high": 180}}}""" },
        {
            "normal(60 to 180 (95%))", "normal(60 to 180 (95 %))",
            """{"normal": {"interval": {"low": 60, "high": 180, "probability": 0.95}}}"""
        },
        { "normal(-5 to 5)", "normal(-5 to 5)", """{"normal": {"interval": {"low": -5, "high": 5}}}""" },
        { "gamma(60 to 180)", "gamma(60 to 180)", """{"gamma": {"interval": {"low": 60, "high": 180}}}""" },
        { "weibull(60 to 180)", "weibull(60 to 180)", """{"weibull": {"interval": {"low": 60, "high": 180}}}""" },
        { "Uniform ( 20 , 40 )", "uniform(20, 40)", """{"uniform": {"min": 20, "max": 40}}""" },
        { "uniform(max=40, min=20)", "uniform(20, 40)", """{"uniform": {"min": 20, "max": 40}}""" },
        { "uniform(20, max=40)", "uniform(20, 40)", """{"uniform": {"min": 20, "max": 40}}""" },
        {
            "triangular(2000, 5000, 15000)", "triangular(2000, 5000, 15000)",
            """{"triangular": {"min": 2000, "mode": 5000, "max": 15000}}"""
        },
        { "pert(4k, 10k, 15k)", "pert(4000, 10000, 15000)", """{"pert": {"min": 4000, "mode": 10000, "max": 15000}}""" },
        {
            "pert(4000, 10000, 15000, shape=6)", "pert(4000, 10000, 15000, shape=6)",
            """{"pert": {"min": 4000, "mode": 10000, "max": 15000, "shape": 6}}"""
        },
        { "normal(100, 30)", "normal(100, 30)", """{"normal": {"mean": 100, "standard_deviation": 30}}""" },
        { "normal(mean=100, standard_deviation=30)", "normal(100, 30)", """{"normal": {"mean": 100, "standard_deviation": 30}}""" },
        { "lognormal(mean=100, sd=30)", "log_normal(mean=100, sd=30)", """{"log_normal": {"mean": 100, "standard_deviation": 30}}""" },
        {
            "LogNormal(log_mean=4.6, logSd=0.4)", "log_normal(log_mean=4.6, log_sd=0.4)",
            """{"log_normal": {"log_mean": 4.6, "log_standard_deviation": 0.4}}"""
        },
        { "gamma(2, 3.5)", "gamma(shape=2, scale=3.5)", """{"gamma": {"shape": 2, "scale": 3.5}}""" },
        { "gamma(mean=7, sd=5)", "gamma(mean=7, sd=5)", """{"gamma": {"mean": 7, "standard_deviation": 5}}""" },
        { "weibull(shape=2, scale=90)", "weibull(shape=2, scale=90)", """{"weibull": {"shape": 2, "scale": 90}}""" },
        { "weibull(sd=5, mean=7)", "weibull(mean=7, sd=5)", """{"weibull": {"mean": 7, "standard_deviation": 5}}""" },
        { "exponential(75)", "exponential(mean=75)", """{"exponential": {"mean": 75}}""" },
        { "beta(2, 5)", "beta(2, 5)", """{"beta": {"alpha": 2, "beta": 5}}""" },
        { "beta(2, 5, min=0, max=10)", "beta(2, 5, min=0, max=10)", """{"beta": {"alpha": 2, "beta": 5, "min": 0, "max": 10}}""" },
        { "poisson(3)", "poisson(3)", """{"poisson": {"mean": 3}}""" },
        {
            "NegativeBinomial(mean=10, dispersion=2)", "negative_binomial(mean=10, dispersion=2)",
            """{"negative_binomial": {"mean": 10, "dispersion": 2}}"""
        },
        {
            "discrete(20%: 1, 0.8: 5)", "discrete(0.2: 1, 0.8: 5)",
            """{"discrete": {"outcomes": [{"weight": 0.2, "value": 1}, {"weight": 0.8, "value": 5}]}}"""
        },
        { "samples(3,5,8)", "samples(3, 5, 8)", """{"empirical": {"samples": [3, 5, 8]}}""" },
        {
            "quantiles(10 %: 50, 0.5: 90, 0.9: 200, min=0, max=400)", "quantiles(0.1: 50, 0.5: 90, 0.9: 200, min=0, max=400)",
            """{"empirical": {"quantiles": [{"probability": 0.1, "value": 50}, {"probability": 0.5, "value": 90}, {"probability": 0.9, "value": 200}], "min": 0, "max": 400}}"""
        },
        {
            "metalog(0.1: 50, 0.5: 90, 0.9: 200, lower=0)", "metalog(0.1: 50, 0.5: 90, 0.9: 200, lower=0)",
            """{"metalog": {"quantiles": [{"probability": 0.1, "value": 50}, {"probability": 0.5, "value": 90}, {"probability": 0.9, "value": 200}], "lower_bound": 0}}"""
        },
        {
            "mixture(0.7: 60 to 180, 0.3: uniform(20, 40))", "mixture(0.7: 60 to 180, 0.3: uniform(20, 40))",
            """{"mixture": {"components": [{"weight": 0.7, "distribution": {"log_normal": {"interval": {"low": 60, "high": 180}}}}, {"weight": 0.3, "distribution": {"uniform": {"min": 20, "max": 40}}}]}}"""
        },
        {
            "mixture(1: mixture(1: 5 truncated at least 1) truncated at most 9)",
            "mixture(1: mixture(1: 5 truncated at least 1) truncated at most 9)",
            """{"mixture": {"components": [{"weight": 1, "distribution": {"mixture": {"components": [{"weight": 1, "distribution": {"constant": 5, "truncation": {"min": 1}}}]}, "truncation": {"max": 9}}}]}}"""
        },
        {
            "normal(100, 30) truncated 0 to 200", "normal(100, 30) truncated 0 to 200",
            """{"normal": {"mean": 100, "standard_deviation": 30}, "truncation": {"min": 0, "max": 200}}"""
        },
        {
            "60 to 180 (80 %) Truncated At Least -1", "60 to 180 (80 %) truncated at least -1",
            """{"log_normal": {"interval": {"low": 60, "high": 180, "probability": 0.8}}, "truncation": {"min": -1}}"""
        },
        {
            "mixture(1: 2 to 3 truncated 1 to 4)", "mixture(1: 2 to 3 truncated 1 to 4)",
            """{"mixture": {"components": [{"weight": 1, "distribution": {"log_normal": {"interval": {"low": 2, "high": 3}}, "truncation": {"min": 1, "max": 4}}}]}}"""
        },
        { "uniform(200, 100)", "uniform(200, 100)", """{"uniform": {"min": 200, "max": 100}}""" },
    };

    // The text, the position of the error, and a part of its message.
    public static TheoryData<string, int, string> BadTexts => new()
    {
        { "", 0, "expected a distribution, such as 15000" },
        { "   ", 3, "the end of the text" },
        { "15,000", 2, "write 15000" },
        { "triangular(2,000, 5,000, 15,000)", 13, "begins with a superfluous 0. Nothing stands between thousands: write 2000" },
        { "normal(5,0,0)", 11, "one argument too many without a name: write normal(mean, sd) or normal(low to high)" },
        { "1.000.000", 0, "more than one decimal point" },
        { "5.", 0, "no digit after its decimal point: write \"5\"" },
        { "007", 0, "superfluous 0" },
        { "1__000", 1, "not part of the notation" },
        { "1e999", 0, "too large" },
        { "1e99999999999999999999", 0, "too large" },
        { "1e-999", 0, "too small to tell from 0" },
        { "NaN", 0, "numbers are finite" },
        { "uniform(0, infinity)", 11, "numbers are finite" },
        { "60 to inf", 6, "numbers are finite" },
        { "60 to 180 days", 10, "has no unit" },
        { "1.2m", 3, "capital M" },
        { "80 %", 3, "Write 0.8 for 80 %" },
        { "normal(80 %, 3)", 10, "Write 0.8 for 80 %" },
        { "60 to", 5, "the upper end of the interval" },
        { "60 to 180 (80 %", 15, "\")\" after the probability" },
        { "60 to 180 80 %", 10, "the end of the text" },
        { "nromal(1, 2)", 0, "Did you mean normal?" },
        { "triangle(1, 2, 3)", 0, "Did you mean triangular?" },
        { "exp(5)", 0, "Did you mean exponential?" },
        { "cauchy(1, 2)", 0, "The distributions are constant, uniform, triangular" },
        { "empirical(1, 2)", 0, "samples(3, 5, 8) or quantiles" },
        { "normal", 6, "\"(\" after normal" },
        { "normal(1, 2", 11, "\",\" or \")\"" },
        { "normal(1, 2))", 12, "the end of the text" },
        { "normal(1 2)", 9, "\",\" or \")\"" },
        { "normal()", 7, "normal lacks its arguments" },
        { "normal(100)", 10, "normal lacks sd" },
        { "normal(1,)", 9, "expected a number" },
        { "normal(1, mean=2)", 10, "mean is given twice" },
        { "normal(mean=1, 2)", 15, "arguments without one stand before" },
        { "normal(1, 2 to 3)", 10, "one form only" },
        { "normal(2 to 3, sd=1)", 15, "one form only" },
        { "normal(1 to 2, 3 to 4)", 15, "one form only" },
        { "normal(mean 1)", 12, "\"=\" and a number after mean" },
        { "normal(uniform(1, 2), 3)", 7, "not an argument of normal" },
        { "log_normal(100, 30)", 11, "needs a name, because tools differ" },
        { "log_normal(mean=100, log_sd=1)", 21, "\"log_sd\" can't stand beside \"mean\"" },
        { "log_normal(log_mean=1)", 21, "log_normal lacks log_sd" },
        { "gamma(shape=2, sd=3)", 15, "one form only" },
        { "gamma(2, rate=3)", 9, "not an argument of gamma" },
        { "pert(1, 2, 3, 4)", 14, "pert(min, mode, max, [shape=...])" },
        { "pert(1, 2, 3, shpae=4)", 14, "Did you mean shape?" },
        { "uniform(1 to 2)", 8, "Intervals are for normal, log_normal, gamma and weibull" },
        { "discrete(1, 2)", 10, "\":\" after \"1\": every entry of discrete is weight: value" },
        { "discrete()", 9, "discrete is empty" },
        { "samples(0.2: 1)", 11, "samples are equally likely" },
        { "quantiles(0.1: 50, 0.9: 200, min=0)", 34, "quantiles lacks max" },
        { "quantiles(0.1: 50, min=0, 0.9: 200)", 26, "entries stand before" },
        { "metalog(0.1: 50, lower=0, lower_bound=1)", 26, "lower is given twice" },
        { "mixture(60 to 180, 20 to 40)", 11, "every entry of mixture is weight: distribution" },
        { "mixture(0.7: )", 13, "expected a distribution" },
        { "mixture(1: mixture(1: mixture(1: mixture(1: mixture(1: 5)))))", 44, "nest to a depth of 4" },
        { "normal(1, 2) truncated", 22, "at least 0" },
        { "normal(1, 2) truncated 0", 24, "one bound alone" },
        { "normal(1, 2) truncated above 0", 23, "\"at least 0\" or \"at most 200\"" },
        { "normal(1, 2) truncated at 0", 26, "\"at least 0\" or \"at most 200\"" },
        { "5 \ud83d\ude00", 2, "\ud83d\ude00" },
        { "5 ?", 2, "not part of the notation" },
    };

    [Theory]
    [MemberData(nameof(GoodTexts))]
    public void Text_InTheNotation_BecomesItsMessageAndCanonicalText(string text, string canonical, string json)
    {
        var parsed = Parse(text);

        AssertSame(JsonParser.Default.Parse<V1.Distribution>(json), parsed);
        Assert.Equal(canonical, DistributionNotation.Format(parsed));
        AssertSame(parsed, Parse(canonical));
    }

    [Theory]
    [MemberData(nameof(BadTexts))]
    public void Text_OutsideTheNotation_IsRefusedAtTheCharacterWithAMend(string text, int position, string message)
    {
        Assert.False(DistributionNotation.TryParse(text, out _, out var error));

        Assert.Equal(position, error.Position);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Message_OfAnyFamilyAndForm_ComesBackFromItsText()
    {
        var generator = new DistributionGenerator(seed: 20241117);
        var seen = new HashSet<FieldDescriptor>();
        var readBack = 0;
        for (var i = 0; i < RoundTrips; i++)
        {
            var distribution = generator.Next();
            NoteFields(distribution, seen);
            var text = DistributionNotation.Format(distribution);
            if (text.Length > DistributionNotation.MaxLength)
            {
                continue;
            }

            readBack++;
            AssertSame(distribution, Parse(text));
            Assert.Equal(text, DistributionNotation.Format(Parse(text)));
        }

        // Every field of every message but the text itself was met, so a family added to the proto fails here until it has a text.
        var reachable = new HashSet<FieldDescriptor>();
        Reach(V1.Distribution.Descriptor, reachable);
        Assert.Equal(["text"], reachable.Except(seen).Select(field => field.Name));
        Assert.True(readBack > RoundTrips * 9 / 10, $"only {readBack} texts were short enough to read back");
    }

    [Fact]
    public void Text_Random_IsReadOrRefusedWithinItsBoundsAndNeverThrows()
    {
        string[] words =
        [
            "normal", "log_normal", "mixture", "samples", "quantiles", "metalog", "discrete", "gamma", "beta", "truncated",
            "at", "least", "most", "to",
            "mean", "sd", "shape", "(", ")", ",", ":", "=", "%", " ", "1", "0.5", "-3", "1e5", "k",
            "M", "_", "-", ".", "\u2013", "\ud83d", "\u00e9", "inf", "\0",
        ];
        var random = new Random(7);
        var read = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var text = "";
            for (var length = random.Next(0, 200); text.Length < length;)
            {
                text += random.Next(4) == 0 ? ((char)random.Next(0, 0x250)).ToString() : words[random.Next(words.Length)];
            }

            if (DistributionNotation.TryParse(text, out _, out var error))
            {
                read++;
            }
            else
            {
                Assert.InRange(error.Position, 0, text.Length);
                Assert.InRange(error.Message.Length, 10, 600);
            }
        }

        Assert.InRange(read, 1, 10_000);
    }

    [Fact]
    public void Text_WithOneCharacterChanged_IsReadOrRefusedAndNeverThrows()
    {
        var generator = new DistributionGenerator(seed: 3);
        var random = new Random(4);
        const string signs = "(),:=%.-_ek1a \u2013";
        var refused = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var text = DistributionNotation.Format(generator.Next(mixtureDepth: 3)).ToCharArray();
            text[random.Next(text.Length)] = signs[random.Next(signs.Length)];
            if (DistributionNotation.TryParse(new string(text), out var distribution, out var error))
            {
                AssertSame(distribution, Parse(DistributionNotation.Format(distribution)));
            }
            else
            {
                refused++;
                Assert.InRange(error.Position, 0, text.Length);
            }
        }

        Assert.InRange(refused, 1, 19_999);
    }

    [Fact]
    public void Text_OfTheGreatestLength_IsReadAndOneCharacterMoreIsRefused()
    {
        var longest = "samples(" + string.Join(",", Enumerable.Repeat("1", 995)) + ") ";
        Assert.Equal(DistributionNotation.MaxLength - 1, longest.Length);

        Assert.Equal(995, Parse(longest + " ").Empirical.Samples.Count);
        Assert.False(DistributionNotation.TryParse(longest + "  ", out _, out var error));
        Assert.Equal(DistributionNotation.MaxLength, error.Position);
        Assert.Contains("has 2,001 characters, at most 2,000", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> IncompleteMessages =>
    [
        """{}""",
        """{"text": "5"}""",
        """{"constant": "NaN"}""",
        """{"constant": "Infinity"}""",
        """{"normal": {"mean": 1}}""",
        """{"normal": {"mean": 1, "standard_deviation": 2, "interval": {"low": 1, "high": 2}}}""",
        """{"log_normal": {"mean": 1, "standard_deviation": 2, "log_mean": 3}}""",
        """{"gamma": {"interval": {"low": 1}}}""",
        """{"discrete": {}}""",
        """{"discrete": {"outcomes": [{"value": 1}]}}""",
        """{"empirical": {"samples": [1], "min": 0}}""",
        """{"empirical": {"samples": [1], "quantiles": [{"probability": 0.5, "value": 1}]}}""",
        """{"empirical": {"quantiles": [{"probability": 0.5, "value": 1}], "min": 0}}""",
        """{"mixture": {"components": [{"weight": 1, "distribution": {}}]}}""",
        """{"constant": 5, "truncation": {"min": "-Infinity"}}""",
    ];

    [Theory]
    [MemberData(nameof(IncompleteMessages))]
    public void Message_Incomplete_HasNoText(string json) =>
        Assert.Throws<ArgumentException>(() => DistributionNotation.Format(JsonParser.Default.Parse<V1.Distribution>(json)));

    [Fact]
    public void Message_TruncatedWithoutBounds_IsWrittenAsNotTruncated() =>
        Assert.Equal("5", DistributionNotation.Format(new V1.Distribution { Constant = 5, Truncation = new V1.Truncation() }));

    // Generated Equals takes an unset optional number for 0; the bytes tell them apart.
    private static void AssertSame(V1.Distribution expected, V1.Distribution actual)
    {
        if (!expected.ToByteArray().AsSpan().SequenceEqual(actual.ToByteArray()))
        {
            Assert.Fail($"Expected {expected}, got {actual}.");
        }
    }

    private static V1.Distribution Parse(string text)
    {
        Assert.True(DistributionNotation.TryParse(text, out var distribution, out var error), $"{text}: {error}");
        return distribution;
    }

    private static void NoteFields(IMessage message, HashSet<FieldDescriptor> seen)
    {
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            var value = field.Accessor.GetValue(message);
            if (field.IsRepeated ? ((System.Collections.IList)value).Count == 0 : !field.Accessor.HasValue(message))
            {
                continue;
            }

            seen.Add(field);
            foreach (var child in (value as System.Collections.IList ?? new[] { value }).OfType<IMessage>())
            {
                NoteFields(child, seen);
            }
        }
    }

    private static void Reach(MessageDescriptor message, HashSet<FieldDescriptor> reached)
    {
        foreach (var field in message.Fields.InFieldNumberOrder())
        {
            if (reached.Add(field) && field.FieldType == FieldType.Message)
            {
                Reach(field.MessageType, reached);
            }
        }
    }
}
