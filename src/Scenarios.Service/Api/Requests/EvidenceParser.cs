using Google.Protobuf.Collections;

namespace Scenarios.Service.Api.Requests;

/// <summary>Checks the sources of assumptions and events.</summary>
internal static class EvidenceParser
{
    private const int MostEvidence = 64;

    /// <summary>Checks a list of sources.</summary>
    /// <param name="owner">The message that has it.</param>
    /// <param name="name">The list's name in it.</param>
    /// <param name="evidence">The sources.</param>
    public static void Check(RequestField owner, string name, RepeatedField<V1.Evidence> evidence)
    {
        if (!Texts.CheckCount(owner.At(name), evidence.Count, MostEvidence))
        {
            return;
        }

        for (var i = 0; i < evidence.Count; i++)
        {
            var (field, source) = (owner.At(name, i), evidence[i]);
            Texts.CheckShown(field.At("source"), source.Source, 500);
            Texts.CheckShown(field.At("claim"), source.Claim, 5_000, isMultiline: true);
            Texts.CheckShown(field.At("uri"), source.Uri, 2_000);
            Texts.CheckEnum(field.At("kind"), source.Kind);
            if (source.Date is { Year: 0, Month: 0, Day: 0 })
            {
                source.Date = null; // All unknown is not given.
            }

            if (source.Date is { } date)
            {
                Dates.CheckPartial(field.At("date"), date);
            }
        }
    }
}
