using System.Text;
using Google.Protobuf;
using Scenarios.Service.Api.Requests;

namespace Scenarios.Service.Api.Json;

/// <summary>A scenario in a file that a person writes: JSON of <see cref="V1.Scenario"/> with a person's spellings (README).</summary>
public static class ScenarioFile
{
    /// <summary>The largest file that is read, in bytes: as much as a request may have.</summary>
    public const int MostBytes = RequestCost.MostMessageBytes;

    /// <summary>The scenario of a file; null, with faults, if it cannot be read as one.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="faults">All faults, each at its field and place.</param>
    public static V1.Scenario? Parse(ReadOnlySpan<byte> bytes, out IReadOnlyList<JsonFault> faults)
    {
        var found = new List<JsonFault>();
        faults = found;
        return JsonMessage.Read(bytes, V1.Scenario.Descriptor, "", JsonDialect.File, found) is { } json
            ? JsonParser.Default.Parse<V1.Scenario>(Encoding.UTF8.GetString(json.Span))
            : null;
    }
}
