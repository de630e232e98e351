using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Scenarios.V1;

namespace Scenarios.Service.Tests.Requests;

/// <summary>
/// Requests broken at random: a valid one with some mutations anywhere in its tree (fields cleared, extreme, of unknown enum
/// numbers, repeated, nested deep). The same seed and index give the same request.
/// </summary>
internal static class MalformedRequests
{
    /// <summary>Environment variable that sets how many requests the tests try.</summary>
    public const string CountVariable = "SCENARIOS_MALFORMED_REQUESTS";

    private const int DefaultCount = 3_000;

    private static readonly double[] Numbers =
    [
        double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, -double.MaxValue, double.Epsilon,
        0, -0.0, 1, -1, 0.5, 1e-300, 1e-9, 1e-3, 3, 100, 1e6, 1e9, 1e15, 1.0000001e15, 1e16, 1e100,
    ];

    private static readonly long[] Integers = [0, 1, -1, 7, 1_000, 1_001, 100_000_000, 100_000_001, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue];

    private static readonly string[] Words =
    [
        "", "x", "first", "second", "nobody", "scenarios/dprk-rotation", "scenarios/", "projections/abc", "60 to 180", "\0\n\r\t", "ÄÖ\u2028😀", "-", "UPPER",
        "cap", "batch_size", "tour_length_days", "initial_count", "skip_probability",
    ];

    private static readonly string[] Ids = ["kept-1", "kept-2", "kept-3", "kept-4", "dprk-rotation", "-", "Kept", ""];

    /// <summary>What the texts of requests about stored things may be: names, revisions, filters, orders, masks.</summary>
    private static readonly string[] StoredWords =
    [
        .. Ids.Select(id => $"scenarios/{id}"), "scenarios/kept-1@", "scenarios/kept-1@00000000", "projections/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "projections/",
        "display_name = \"x\"", "labels.theatre = kursk AND -labels:draft", "update_time >= \"2025-01-01T00:00:00Z\"", "create_time < yesterday", "((((", "name : kept OR",
        "NOT (name = \"scenarios/kept-1\")", "display_name desc, name", "update_time", "nothing desc", "*", "display_name", "assumptions.batch_size.distribution",
        "labels.theatre", "labels.", "events", "horizon_days", "assumptions.cap.distribution.constant", "etag", "a.b.c", "AAAA", "\0",
    ];


    private static readonly string[] Texts =
    [
        "60 to 180", "15k", "-0", "1e15", "1e-9", "1e400", "15,000", "0.1 to 0.2 (99.9999 %)", "2 to 1", "uniform(5, 3)", "normal(1, 1) truncated at least 0",
        "mixture(70 %: 60 to 180, 0.3: mixture(1: poisson(3), 2: samples(0, 1, 2)))", "mixture(1: mixture(1: mixture(1: mixture(1: mixture(1: 1)))))",
        "quantiles(0.1: 5, 0.5: 7, 0.9: 20, min=1, max=100)", "metalog(0.1: 5, 0.5: 9, 0.9: 20)", "metalog(0.1: 5, 0.5: 19, 0.9: 20, lower=0)",
        "discrete(1: 0, 1e-300: 5)", "gamma(mean=1, sd=1000)", "60 to", "60 to 😀", "log_normal(mean=nan, sd=1)", "beta(0.05, 1e6, max=5",
    ];

    private static readonly string[] Keys =
    [
        "start_date", "horizon_days", "step_days", "thresholds", "rotation_mode", "cap_basis", "skip_probability",
        "initial_count", "rotation_interval_days", "batch_size", "cap", "first_arrival_days", "tour_length_days",
        "rotation_interval_days.path_factor", "batch_size.resampling", "cap.path_factor", "tour_length_days.resampling",
        "events.first.disabled", "events.second.after", "events.third.disabled", "events.fourth.timing.hazard_per_year", "events.first.timing.days",
        "events.first.duration_days", "events.first.effects.interval_factor", "events.first.effects.cap_change", "events.nobody.disabled", "events.", "events.first",
        "correlations.cap.initial_count", "correlations.batch_size.tour_length_days", "correlations.tour_length_days.rotation_interval_days", "correlations.cap", "",
    ];

    private static readonly string[] Values =
    [
        "none", "true", "false", "2025-03-01", "9999-12-31", "2025-02-30", "365", "7", "1e-9", "-1", "0", "0.99", "30 %", "1", "-0.9", "RELIEVE", "REINFORCE",
        "PRESENT", "PER_PATH", "PER_BATCH", "first", "second", "50000, 100k", "1e15", "0.000001", "1e6",
    ];

    /// <summary>Every method of the API.</summary>
    public static IReadOnlyList<MethodDescriptor> Methods { get; } = [.. ProjectionService.Descriptor.Methods, .. ScenarioService.Descriptor.Methods];

    /// <summary>How many requests the tests try: 3,000, or what <see cref="CountVariable"/> says.</summary>
    public static int Count => int.TryParse(Environment.GetEnvironmentVariable(CountVariable), out var count) ? count : DefaultCount;

    /// <summary>The projection asked for at an index, with one to four mutations.</summary>
    public static ProjectRequest Request(int seed, int index)
    {
        var random = new Random(HashCode.Of(seed, index));
        var request = Projection(random);
        for (var mutation = random.Next(1, 5); mutation > 0; mutation--)
        {
            Mutate(request, random);
        }

        return request;
    }

    /// <summary>The call at an index: of any method, a third of them projections, with up to four mutations.</summary>
    public static (MethodDescriptor Method, IMessage Request) Call(int seed, int index)
    {
        var random = new Random(HashCode.Of(seed, index));
        var method = random.Next(3) == 0 ? ProjectionService.Descriptor.FindMethodByName("Project") : Methods[random.Next(Methods.Count)];
        var request = Valid(method.InputType, random);
        for (var mutation = random.Next(4); mutation > 0; mutation--)
        {
            Mutate(request, random);
        }

        return (method, request);
    }

    private static ProjectRequest Projection(Random random)
    {
        var request = FullRequest.Make();
        for (var some = random.Next(4); some > 0; some--)
        {
            request.Overrides[Pick(Keys, random)] = random.Next(3) == 0 ? Pick(Texts, random) : Pick(Values, random);
        }

        return request;
    }

    private static IMessage Valid(MessageDescriptor type, Random random)
    {
        if (type == ProjectRequest.Descriptor)
        {
            var projection = random.Next(2) == 0 ? FullRequest.Make() : Projection(random);
            projection.Paths = 2_000; // Nothing is to be learnt here from computing more.
            return projection;
        }

        var request = type.Parser.ParseFrom(ByteString.Empty);
        foreach (var field in type.Fields.InDeclarationOrder())
        {
            if (field.FieldType == FieldType.Message && field.MessageType == Scenario.Descriptor && !field.IsRepeated)
            {
                var scenario = FullRequest.Make().Scenario;
                scenario.Name = $"scenarios/{Pick(Ids, random)}";
                scenario.Etag = random.Next(4) == 0 ? scenario.Etag : "";
                field.Accessor.SetValue(request, scenario);
            }
            else if (field.FieldType == FieldType.Message && field.MessageType == FieldMask.Descriptor)
            {
                field.Accessor.SetValue(request, new FieldMask { Paths = { Pick(StoredWords, random) } });
            }
            else if (field is { FieldType: FieldType.String, IsRepeated: false, RealContainingOneof: null })
            {
                field.Accessor.SetValue(request, field.Name switch
                {
                    "scenario_id" => Pick(Ids, random),
                    "name" when random.Next(4) > 0 => $"scenarios/{Pick(Ids, random)}",
                    _ => random.Next(3) == 0 ? Pick(StoredWords, random) : "",
                });
            }
        }

        return request;
    }

    private static void Mutate(IMessage request, Random random)
    {
        var messages = new List<IMessage>();
        Collect(request, messages);
        var message = messages[random.Next(messages.Count)];
        var fields = message.Descriptor.Fields.InDeclarationOrder();
        if (fields.Count > 0)
        {
            MutateField(message, fields[random.Next(fields.Count)], random);
        }
    }

    private static void Collect(IMessage message, List<IMessage> messages)
    {
        messages.Add(message);
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (field.FieldType != FieldType.Message || field.IsMap)
            {
                continue;
            }

            if (field.IsRepeated)
            {
                foreach (var element in ((IList)field.Accessor.GetValue(message)).Cast<IMessage>().Take(100))
                {
                    Collect(element, messages);
                }
            }
            else if (field.Accessor.GetValue(message) is IMessage inner)
            {
                Collect(inner, messages);
            }
        }
    }

    private static void MutateField(IMessage message, FieldDescriptor field, Random random)
    {
        if (random.Next(5) == 0)
        {
            field.Accessor.Clear(message);
        }
        else if (field.IsMap)
        {
            ((IDictionary)field.Accessor.GetValue(message))[random.Next(2) == 0 ? Word(random) : Pick(Keys, random)] = Word(random);
        }
        else if (field.IsRepeated)
        {
            MutateList((IList)field.Accessor.GetValue(message), field, random);
        }
        else
        {
            field.Accessor.SetValue(message, Value(field, random, depth: 0));
        }
    }

    private static void MutateList(IList list, FieldDescriptor field, Random random)
    {
        var count = random.Next(8) == 0 ? random.Next(10, 10_100) : random.Next(1, 3);
        for (var i = 0; i < count; i++)
        {
            if (list.Count > 0 && random.Next(2) == 0)
            {
                var copy = list[random.Next(list.Count)]!;
                list.Add(copy is IDeepCloneable<IMessage> cloneable ? cloneable.Clone() : copy);
            }
            else
            {
                list.Add(Value(field, random, depth: 3));
            }
        }
    }

    private static object Value(FieldDescriptor field, Random random, int depth) => field.FieldType switch
    {
        FieldType.Double => random.Next(3) == 0 ? Math.Pow(10, random.Next(-12, 18)) * (random.NextDouble() - 0.2) : Numbers[random.Next(Numbers.Length)],
        FieldType.Int64 => Integers[random.Next(Integers.Length)],
        FieldType.Int32 => (int)Integers[random.Next(Integers.Length)],
        FieldType.Bool => random.Next(2) == 0,
        FieldType.String when field.ContainingType == Distribution.Descriptor && random.Next(4) > 0 => Pick(Texts, random),
        FieldType.String => Word(random),
        FieldType.Enum => System.Enum.ToObject(field.EnumType.ClrType, random.Next(-2, 6)),
        FieldType.Message when field.MessageType == Distribution.Descriptor && random.Next(6) == 0 => Nested(random.Next(1, 25)),
        FieldType.Message => Message(field.MessageType, random, depth + 1),
        _ => throw new NotSupportedException(field.FullName),
    };

    /// <summary>A message with some of its fields at random, of a choice one.</summary>
    private static IMessage Message(MessageDescriptor descriptor, Random random, int depth)
    {
        var message = descriptor.Parser.ParseFrom(ByteString.Empty);
        var chosen = descriptor.Oneofs.Where(choice => !choice.IsSynthetic).Select(choice => choice.Fields[random.Next(choice.Fields.Count)]).ToHashSet();
        foreach (var field in descriptor.Fields.InDeclarationOrder())
        {
            if (depth > 6 || random.Next(3) == 0 || (field.RealContainingOneof is not null && !chosen.Contains(field)))
            {
                continue;
            }

            if (field.IsRepeated && !field.IsMap)
            {
                var list = (IList)field.Accessor.GetValue(message);
                for (var count = random.Next(3); count > 0; count--)
                {
                    list.Add(Value(field, random, depth));
                }
            }
            else if (!field.IsMap)
            {
                field.Accessor.SetValue(message, Value(field, random, depth));
            }
        }

        return message;
    }

    private static Distribution Nested(int depth)
    {
        var distribution = new Distribution { Constant = 1 };
        for (; depth > 0; depth--)
        {
            distribution = new() { Mixture = new() { Components = { new Mixture.Types.Component { Weight = 1, Distribution = distribution } } } };
        }

        return distribution;
    }

    private static string Word(Random random) => random.Next(10) switch
    {
        0 => new('x', random.Next(1, 20_000)),
        1 or 2 => Pick(StoredWords, random),
        _ => Pick(Words, random),
    };

    private static string Pick(string[] from, Random random) => from[random.Next(from.Length)];

    private static class HashCode
    {
        /// <summary>A seed that is the same in every process, as System.HashCode is not.</summary>
        public static int Of(int seed, int index) => unchecked((seed * 397) ^ (index * 7_919));
    }
}
