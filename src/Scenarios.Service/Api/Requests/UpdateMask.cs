using System.Collections;
using System.Collections.Frozen;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Scenarios.Service.Api.Json;

namespace Scenarios.Service.Api.Requests;

/// <summary>The fields that an update changes (AIP-134, AIP-161), parsed and valid.</summary>
internal sealed class UpdateMask
{
    private const int MostPaths = 1_000;
    private const string Whole = "*";

    /// <summary>Set by the service alone: a mask may name them, which changes nothing (AIP-203).</summary>
    private static readonly FrozenSet<string> OutputOnly =
        FrozenSet.Create("name", "etag", "revision_id", "create_time", "update_time");

    private static readonly FieldDescriptor[] Settable =
        [.. V1.Scenario.Descriptor.Fields.InFieldNumberOrder().Where(field => !OutputOnly.Contains(field.Name))];

    private readonly IReadOnlyList<string[]> _paths;

    private UpdateMask(IReadOnlyList<string[]> paths) => _paths = paths;

    /// <summary>The mask of an update; null, and reported, where a path is none.</summary>
    /// <param name="field">Where the mask stands.</param>
    /// <param name="mask">The mask as given: none or an empty one stands for the fields that are given.</param>
    /// <param name="given">The new values.</param>
    public static UpdateMask? Parse(RequestField field, FieldMask? mask, V1.Scenario given)
    {
        if (mask is null || mask.Paths.Count == 0)
        {
            return new([.. Settable.Where(settable => IsGiven(settable, given)).Select(settable => new[] { settable.Name })]);
        }

        if (!Texts.CheckCount(field.At("paths"), mask.Paths.Count, MostPaths))
        {
            return null;
        }

        if (mask.Paths.Contains(Whole))
        {
            if (mask.Paths.Count > 1)
            {
                field.At("paths").Report(
                    ViolationReason.Conflict,
                    "\"*\" stands for all fields, and others are named too.",
                    "Give \"*\" alone, or leave it out.");
                return null;
            }

            return new([.. Settable.Select(settable => new[] { settable.Name })]);
        }

        var before = field.Violations.Count;
        var paths = new List<string[]>();
        for (var i = 0; i < mask.Paths.Count; i++)
        {
            if (ParsePath(field.At("paths", i), mask.Paths[i]) is { } path && !OutputOnly.Contains(path[0]))
            {
                paths.Add(path);
            }
        }

        return field.Violations.Count == before ? new(paths) : null;
    }

    /// <summary>A scenario with the masked fields of another, which are cleared where that one does not have them.</summary>
    public V1.Scenario Apply(V1.Scenario stored, V1.Scenario given)
    {
        var changed = stored.Clone();
        var values = given.Clone(); // What is set is moved, never shared.
        foreach (var path in _paths)
        {
            Set(changed, values, path);
        }

        return changed;
    }

    private static bool IsGiven(FieldDescriptor field, IMessage message) => field.Accessor.GetValue(message) switch
    {
        ICollection several => several.Count > 0,
        string text => text.Length > 0,
        double number => number != 0,
        var value => value is not null,
    };

    /// <summary>The proto names of a path, which may be given as JSON has them; null, and reported, where it is none.</summary>
    private static string[]? ParsePath(RequestField at, string path)
    {
        var names = path.Split('.');
        var message = V1.Scenario.Descriptor;
        for (var i = 0; i < names.Length; i++)
        {
            if (JsonMessage.FieldOf(message, names[i]) is not { } next)
            {
                at.Report(
                    ViolationReason.UnknownReference,
                    $"{Spoken.Quote(path)} is no field: {message.Name} has no {Spoken.Quote(names[i])}.",
                    $"It has {JsonMessage.FieldNames(message)}.");
                return null;
            }

            names[i] = next.Name;
            var inside = names.Length - i - 1;
            if (inside == 0 || (next.IsMap && inside == 1 && names[^1].Length > 0))
            {
                return names;
            }

            if (next.IsMap || next.IsRepeated || next.FieldType != FieldType.Message)
            {
                at.Report(
                    ViolationReason.UnknownReference,
                    $"{Spoken.Quote(path)} names something inside {next.Name}, which can only be replaced whole.",
                    $"Give {Spoken.Quote(string.Join('.', names[..(i + 1)]))}.");
                return null;
            }

            message = next.MessageType;
        }

        return null;
    }

    private static void Set(IMessage target, IMessage? source, ReadOnlySpan<string> names)
    {
        var field = target.Descriptor.FindFieldByName(names[0]);
        if (names.Length == 1)
        {
            SetWhole(target, source, field);
        }
        else if (field.IsMap)
        {
            var entries = (IDictionary)field.Accessor.GetValue(target);
            var given = source is null ? null : (IDictionary)field.Accessor.GetValue(source);
            entries.Remove(names[1]);
            if (given is not null && given.Contains(names[1]))
            {
                entries.Add(names[1], given[names[1]]);
            }
        }
        else
        {
            SetInside(target, source, field, names[1..]);
        }
    }

    private static void SetInside(IMessage target, IMessage? source, FieldDescriptor field, ReadOnlySpan<string> names)
    {
        var given = source is null ? null : (IMessage?)field.Accessor.GetValue(source);
        if (field.Accessor.GetValue(target) is not IMessage inner)
        {
            if (given is null)
            {
                return; // Neither has it: there is nothing to clear.
            }

            inner = field.MessageType.Parser.ParseFrom(ByteString.Empty);
            field.Accessor.SetValue(target, inner);
        }

        Set(inner, given, names);
    }

    private static void SetWhole(IMessage target, IMessage? source, FieldDescriptor field)
    {
        field.Accessor.Clear(target);
        if (source is null)
        {
            return;
        }

        var value = field.Accessor.GetValue(source);
        if (field.IsMap)
        {
            foreach (DictionaryEntry entry in (IDictionary)value)
            {
                ((IDictionary)field.Accessor.GetValue(target)).Add(entry.Key, entry.Value);
            }
        }
        else if (field.IsRepeated)
        {
            foreach (var element in (IList)value)
            {
                ((IList)field.Accessor.GetValue(target)).Add(element);
            }
        }
        else if (field.HasPresence ? field.Accessor.HasValue(source) : value is not null)
        {
            field.Accessor.SetValue(target, value);
        }
    }
}
