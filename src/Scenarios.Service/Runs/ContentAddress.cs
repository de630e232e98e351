using System.Buffers;
using System.Buffers.Binary;
using System.Collections;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Scenarios.Engine;
using Scenarios.Service.Api.Requests;

namespace Scenarios.Service.Runs;

/// <summary>Names projections by what determines them: equal meaning, equal name.</summary>
/// <remarks>
/// <para>
/// A name is the SHA-256 of a canonical form, cut to 160 bits, in base32 (RFC 4648, lower case, without padding). The
/// canonical form is our own, because protobuf serialisation is not canonical. It is, in this order and each preceded by its
/// length in bytes (32 bits): a label of what is named, the engine's version, the digest of the compiled tables, and the
/// request as projected: defaults filled in, less what changes no number. All integers are little-endian.
/// </para>
/// <para>
/// A message is its fields in the order of their numbers. A field without presence is left out where it has its default. A
/// field is its number (32 bits), then its number of values (32 bits; 1 unless repeated), then the values. A double is its
/// 64 bits, with -0 as 0; an integer or an enum 64 bits; a bool one byte; a text, in UTF-8, or a message its length (32
/// bits) and bytes. A map is a list of its keys, sorted by their UTF-16 code units, each with its value.
/// </para>
/// </remarks>
internal static class ContentAddress
{
    private const string Prefix = "projections/";
    private const string Base32 = "abcdefghijklmnopqrstuvwxyz234567";
    private const int HashBytes = 20;
    private const int NameLength = HashBytes * 8 / 5;

    private static readonly SearchValues<char> Base32Digits = SearchValues.Create(Base32);

    /// <summary>The permanent name of a projection.</summary>
    /// <param name="request">The request as projected, with everything that determines the answer spelled out.</param>
    /// <param name="tableDigest">Digest of the compiled tables.</param>
    public static string NameOf(V1.ProjectRequest request, string tableDigest) => Prefix + Hash("projection", tableDigest, request);

    /// <summary>What determines a tally: equal for requests that can share a run.</summary>
    /// <param name="scenario">The scenario as projected.</param>
    /// <param name="tableDigest">Digest of the compiled tables.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="sampling">How paths are drawn.</param>
    /// <param name="tallyThresholds">Counts whose passage the tally records.</param>
    /// <param name="extraDays">Report days off the grid.</param>
    public static string InnerKeyOf(
        V1.Scenario scenario,
        string tableDigest,
        long seed,
        V1.ProjectRequest.Types.Sampling sampling,
        IEnumerable<long> tallyThresholds,
        IEnumerable<double> extraDays)
    {
        var inner = new V1.ProjectRequest { Scenario = WithoutWords(scenario), Seed = seed };
        inner.Sampling = sampling == V1.ProjectRequest.Types.Sampling.PseudoRandom ? default : sampling;
        inner.Thresholds.AddRange(tallyThresholds);
        inner.ReportDays.AddRange(extraDays);
        return Hash("tally", tableDigest, inner);
    }

    /// <summary>Does a text have the form of a projection's name?</summary>
    public static bool IsName(string text) => text.Length == Prefix.Length + NameLength
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.AsSpan(Prefix.Length).IndexOfAnyExcept(Base32Digits) < 0;

    /// <summary>A scenario less all that changes no path.</summary>
    private static V1.Scenario WithoutWords(V1.Scenario scenario)
    {
        var bare = new V1.Scenario
        {
            HorizonDays = scenario.HorizonDays,
            StepDays = scenario.StepDays,
            Assumptions = scenario.Assumptions.Clone(),
            Correlations = { scenario.Correlations.Select(correlation => correlation.Clone()) },
            Observations = { scenario.Observations.Select(observation => observation.Clone()) },
        };
        foreach (var enabled in scenario.Events.Where(happening => !happening.Disabled).OrderBy(happening => happening.EventId, StringComparer.Ordinal))
        {
            var copy = enabled.Clone();
            copy.DisplayName = "";
            bare.Events.Add(copy);
        }

        if (bare.Observations.Count > 0 || bare.Events.Any(happening => happening.Timing.Date is not null))
        {
            bare.StartDate = scenario.StartDate.Clone(); // Dates count from it.
        }

        MessageTree.Visit(bare, (owner, field) =>
        {
            if (field.FieldType == FieldType.Message && field.MessageType == V1.Evidence.Descriptor)
            {
                field.Accessor.Clear(owner);
            }
        });
        return bare;
    }

    private static string Hash(string label, string tableDigest, IMessage message)
    {
        var form = new CanonicalForm();
        form.WriteText(label);
        form.WriteText(EngineVersion.Current);
        form.WriteText(tableDigest);
        form.WriteMessage(message);
        return InBase32(SHA256.HashData(form.Written).AsSpan(0, HashBytes));
    }

    private static string InBase32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(NameLength);
        var (bits, count) = (0, 0);
        foreach (var b in bytes)
        {
            bits = ((bits << 8) | b) & 0xfff;
            for (count += 8; count >= 5; count -= 5)
            {
                text.Append(Base32[(bits >> (count - 5)) & 31]);
            }
        }

        return text.ToString();
    }

    /// <summary>Writes the canonical form described above.</summary>
    private sealed class CanonicalForm
    {
        private readonly ArrayBufferWriter<byte> _bytes = new();

        public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

        public void WriteText(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            WriteInt32(bytes.Length);
            _bytes.Write(bytes);
        }

        public void WriteMessage(IMessage message)
        {
            var inner = new CanonicalForm();
            foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
            {
                inner.WriteField(field, message);
            }

            WriteInt32(inner._bytes.WrittenCount);
            _bytes.Write(inner._bytes.WrittenSpan);
        }

        private void WriteField(FieldDescriptor field, IMessage message)
        {
            if (field.IsMap)
            {
                WriteMap(field, (IDictionary)field.Accessor.GetValue(message));
            }
            else if (field.IsRepeated)
            {
                WriteList(field, (IList)field.Accessor.GetValue(message));
            }
            else if (field.HasPresence ? field.Accessor.HasValue(message) : !IsDefault(field.Accessor.GetValue(message)))
            {
                WriteInt32(field.FieldNumber);
                WriteInt32(1);
                WriteValue(field, field.Accessor.GetValue(message));
            }
        }

        private void WriteList(FieldDescriptor field, IList values)
        {
            if (values.Count == 0)
            {
                return;
            }

            WriteInt32(field.FieldNumber);
            WriteInt32(values.Count);
            foreach (var value in values)
            {
                WriteValue(field, value!);
            }
        }

        private void WriteMap(FieldDescriptor field, IDictionary entries)
        {
            if (entries.Count == 0)
            {
                return;
            }

            WriteInt32(field.FieldNumber);
            WriteInt32(entries.Count);
            var value = field.MessageType.FindFieldByNumber(2);
            foreach (var key in entries.Keys.Cast<string>().Order(StringComparer.Ordinal))
            {
                WriteText(key);
                WriteValue(value, entries[key]!);
            }
        }

        private void WriteValue(FieldDescriptor field, object value)
        {
            switch (value)
            {
                case double number:
                    WriteInt64(BitConverter.DoubleToInt64Bits(number == 0 ? 0 : number));
                    break;
                case string text:
                    WriteText(text);
                    break;
                case IMessage message:
                    WriteMessage(message);
                    break;
                case bool flag:
                    _bytes.Write([flag ? (byte)1 : (byte)0]);
                    break;
                case long number:
                    WriteInt64(number);
                    break;
                case int number:
                    WriteInt64(number);
                    break;
                case Enum number:
                    WriteInt64(Convert.ToInt64(number));
                    break;
                default:
                    throw new NotSupportedException($"{field.FullName} has a type that the canonical form does not have.");
            }
        }

        private static bool IsDefault(object value) => value switch
        {
            double number => number == 0,
            string text => text.Length == 0,
            bool flag => !flag,
            long number => number == 0,
            int number => number == 0,
            Enum number => Convert.ToInt64(number) == 0,
            _ => false,
        };

        private void WriteInt32(int value)
        {
            Span<byte> buffer = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(buffer, value);
            _bytes.Write(buffer);
        }

        private void WriteInt64(long value)
        {
            Span<byte> buffer = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(buffer, value);
            _bytes.Write(buffer);
        }
    }
}
