using Scenarios.Service.Api.Requests;
using Condition = System.Linq.Expressions.Expression<System.Func<Scenarios.Service.Storage.ProjectionRow, bool>>;

namespace Scenarios.Service.Storage.Listing;

/// <summary>Filters of projections, by the fields that projection_service.proto states.</summary>
internal static class ProjectionFilter
{
    private const string FieldsInWords = "scenario_name, scenario_revision and create_time";

    /// <summary>The condition of a filter: null, and reported, where it is none.</summary>
    public static Condition? Parse(RequestField field, string text) => Filter<ProjectionRow>.Parse(field, text, Compare);

    private static Condition Compare(FilterComparison comparison) => (comparison.Name, comparison.Key) switch
    {
        ("scenario_name", null) => ScenarioNameIs(comparison.Comparator, comparison.Value),
        ("scenario_revision", null) => RevisionIs(comparison.Comparator, comparison.Value.Text),
        ("create_time", null) => Filter<ProjectionRow>.TimeIs(row => row.CreateTicks, comparison.Comparator, comparison.Value),
        _ => throw FilterException.NoField(comparison.Field, FieldsInWords),
    };

    /// <summary>No name at all is that of projections whose scenario was given inline.</summary>
    private static Condition ScenarioNameIs(FilterToken comparator, FilterToken value)
    {
        if (comparator.Text == ":")
        {
            var part = value.Text;
            return row => row.ScenarioId != "" && (ScenarioName.Collection + row.ScenarioId).Contains(part);
        }

        var id = value.Text.Length == 0 ? "" : ScenarioFilter.IdOf(value);
        return Filter<ProjectionRow>.Equality(comparator, row => row.ScenarioId == id);
    }

    private static Condition RevisionIs(FilterToken comparator, string revision) =>
        Filter<ProjectionRow>.Equality(comparator, row => row.ScenarioRevision == revision);
}
