using Scenarios.Service.Api.Requests;
using Condition = System.Linq.Expressions.Expression<System.Func<Scenarios.Service.Storage.ScenarioRow, bool>>;

namespace Scenarios.Service.Storage.Listing;

/// <summary>Filters of scenarios, by the fields that scenario_service.proto states.</summary>
internal static class ScenarioFilter
{
    private const string Labels = "labels";
    private const string FieldsInWords = "name, display_name, labels.KEY, create_time and update_time";

    /// <summary>The condition of a filter: null, and reported, where it is none.</summary>
    public static Condition? Parse(RequestField field, string text) => Filter<ScenarioRow>.Parse(field, text, Compare);

    /// <summary>The id that a name of a scenario has.</summary>
    public static string IdOf(FilterToken name) => name.Text.StartsWith(ScenarioName.Collection, StringComparison.Ordinal)
        ? name.Text[ScenarioName.Collection.Length..]
        : throw new FilterException(
            name.Position, $"{Spoken.Quote(name.Text)} is no name of a scenario.", "Give scenarios/{id}, or with \":\" a part of it.");

    private static Condition Compare(FilterComparison comparison)
    {
        var (field, name, key, comparator, value) = comparison;
        return (name, key) switch
        {
            (Labels, not null) => LabelIs(key, comparator, value.Text),
            ("name", null) => NameIs(comparator, value),
            ("display_name", null) => DisplayNameIs(comparator, value.Text),
            ("create_time", null) => Filter<ScenarioRow>.TimeIs(row => row.CreateTicks, comparator, value),
            ("update_time", null) => Filter<ScenarioRow>.TimeIs(row => row.UpdateTicks, comparator, value),
            (Labels, null) => LabelIsThere(comparator, value.Text),
            _ => throw FilterException.NoField(field, FieldsInWords),
        };
    }

    private static Condition NameIs(FilterToken comparator, FilterToken value)
    {
        if (comparator.Text == ":")
        {
            var part = value.Text;
            return row => (ScenarioName.Collection + row.Id).Contains(part);
        }

        var id = IdOf(value);
        return Filter<ScenarioRow>.Equality(comparator, row => row.Id == id);
    }

    private static Condition DisplayNameIs(FilterToken comparator, string value) => comparator.Text == ":"
        ? row => row.DisplayName.Contains(value)
        : Filter<ScenarioRow>.Equality(comparator, row => row.DisplayName == value);

    private static Condition LabelIs(string key, FilterToken comparator, string value) => comparator.Text == ":"
        ? row => row.Labels.Any(label => label.Key == key && label.Value.Contains(value))
        : Filter<ScenarioRow>.Equality(comparator, row => row.Labels.Any(label => label.Key == key && label.Value == value));

    private static Condition LabelIsThere(FilterToken comparator, string key) => comparator.Text == ":"
        ? row => row.Labels.Any(label => label.Key == key)
        : throw new FilterException(comparator.Position, "Labels are compared one by one.", "Give labels.KEY = VALUE, or labels:KEY.");
}
