using System.Linq.Expressions;

namespace Scenarios.Service.Storage.Listing;

/// <summary>A page of scenarios asked for, parsed and valid.</summary>
/// <param name="Size">Most scenarios of the page.</param>
/// <param name="List">What is listed, and how, for page tokens.</param>
/// <param name="Filter">Which scenarios.</param>
/// <param name="Order">Their order.</param>
/// <param name="After">Where the page begins; null for the first page.</param>
internal sealed record ScenarioListing(
    int Size,
    string List,
    Expression<Func<ScenarioRow, bool>> Filter,
    ScenarioOrder Order,
    Expression<Func<ScenarioRow, bool>>? After);

/// <summary>A page of revisions asked for, parsed and valid.</summary>
/// <param name="Id">The scenario.</param>
/// <param name="Size">Most revisions of the page.</param>
/// <param name="List">What is listed, for page tokens.</param>
/// <param name="Before">Number of the revision that the page before ended with; null for the first page.</param>
internal sealed record RevisionListing(string Id, int Size, string List, long? Before);

/// <summary>A page.</summary>
/// <param name="Scenarios">What is on it.</param>
/// <param name="NextToken">The token of the next page; empty for the last.</param>
internal sealed record ScenarioPage(IReadOnlyList<V1.Scenario> Scenarios, string NextToken);

/// <summary>A page of projections asked for, parsed and valid.</summary>
/// <param name="Size">Most projections of the page.</param>
/// <param name="List">What is listed, for page tokens.</param>
/// <param name="Filter">Which projections.</param>
/// <param name="After">Time and name of the one that the page before ended with; null for the first page.</param>
internal sealed record ProjectionListing(
    int Size, string List, Expression<Func<ProjectionRow, bool>> Filter, (long Ticks, string Name)? After);

/// <summary>A page of projections.</summary>
/// <param name="Entries">What is on it.</param>
/// <param name="NextToken">The token of the next page; empty for the last.</param>
internal sealed record ProjectionPage(IReadOnlyList<V1.ProjectionEntry> Entries, string NextToken);
