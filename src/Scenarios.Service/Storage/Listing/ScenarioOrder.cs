using System.Linq.Expressions;
using Scenarios.Service.Api.Requests;
using Condition = System.Linq.Expressions.Expression<System.Func<Scenarios.Service.Storage.ScenarioRow, bool>>;

namespace Scenarios.Service.Storage.Listing;

/// <summary>
/// An order of scenarios (AIP-132), total because it ends with the name: so a page can begin after the last one of the page before,
/// whatever was made or deleted meanwhile.
/// </summary>
internal sealed class ScenarioOrder
{
    private const string Name = "name";
    private const string Descending = "desc";
    private const int LongestText = 200;

    private static readonly string[] Fields = [Name, "display_name", "create_time", "update_time"];

    private readonly IReadOnlyList<(string Field, bool IsDescending)> _keys;

    private ScenarioOrder(IReadOnlyList<(string Field, bool IsDescending)> keys) => _keys = keys;

    /// <summary>The order that a text asks for; null, and reported, where it is none.</summary>
    public static ScenarioOrder? Parse(RequestField field, string text)
    {
        var keys = new List<(string Field, bool IsDescending)>();
        string[] parts = text.Length > LongestText ? [text] : text.Split(',', StringSplitOptions.TrimEntries);
        foreach (var part in text.Length == 0 ? [] : parts)
        {
            var words = part.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is not ([_] or [_, "asc" or Descending]) || !Fields.Contains(words[0]))
            {
                field.Report(
                    ViolationReason.BadFormat,
                    $"{Spoken.Quote(part)} is not something to order by.",
                    $"Give {Spoken.Row(Fields, "or")}, each with \" desc\" for descending, separated by commas.");
                return null;
            }

            if (keys.Exists(key => key.Field == words[0]))
            {
                field.Report(ViolationReason.Duplicate, $"{words[0]} is given twice.", "Give every field once.");
                return null;
            }

            keys.Add((words[0], words is [_, Descending]));
        }

        if (!keys.Exists(key => key.Field == Name))
        {
            keys.Add((Name, false));
        }

        return new(keys);
    }

    /// <summary>One text for all ways to write this order.</summary>
    public override string ToString() => string.Join(',', _keys.Select(key => key.IsDescending ? $"{key.Field} {Descending}" : key.Field));

    /// <summary>Puts scenarios into this order.</summary>
    public IQueryable<ScenarioRow> Sort(IQueryable<ScenarioRow> scenarios)
    {
        IOrderedQueryable<ScenarioRow>? sorted = null;
        foreach (var (field, isDescending) in _keys)
        {
            sorted = field switch
            {
                Name => Then(scenarios, sorted, row => row.Id, isDescending),
                "display_name" => Then(scenarios, sorted, row => row.DisplayName, isDescending),
                "create_time" => Then(scenarios, sorted, row => row.CreateTicks, isDescending),
                _ => Then(scenarios, sorted, row => row.UpdateTicks, isDescending),
            };
        }

        return sorted!;
    }

    /// <summary>Where a scenario stands in this order.</summary>
    public IEnumerable<string> PlaceOf(ScenarioRow row) => _keys.Select(key => key.Field switch
    {
        Name => row.Id,
        "display_name" => row.DisplayName,
        "create_time" => row.CreateTicks.ToString(),
        _ => row.UpdateTicks.ToString(),
    });

    /// <summary>The scenarios after a place; null where the place is none of this order.</summary>
    public Condition? After(IReadOnlyList<string> place)
    {
        if (place.Count != _keys.Count)
        {
            return null;
        }

        Condition? after = null;
        for (var i = _keys.Count - 1; i >= 0; i--)
        {
            if (Compare(_keys[i].Field, place[i]) is not var (less, equal, greater))
            {
                return null;
            }

            var beyond = _keys[i].IsDescending ? less : greater;
            after = after is null ? beyond : beyond.Or(equal.And(after));
        }

        return after;
    }

    private static IOrderedQueryable<ScenarioRow> Then<T>(
        IQueryable<ScenarioRow> scenarios,
        IOrderedQueryable<ScenarioRow>? sorted,
        Expression<Func<ScenarioRow, T>> key,
        bool isDescending) => (sorted, isDescending) switch
        {
            (null, false) => scenarios.OrderBy(key),
            (null, true) => scenarios.OrderByDescending(key),
            (_, false) => sorted.ThenBy(key),
            (_, true) => sorted.ThenByDescending(key),
        };

    private static (Condition Less, Condition Equal, Condition Greater)? Compare(string field, string value)
    {
        var isNumber = long.TryParse(value, out var ticks);
        switch (field)
        {
            case Name:
                return (row => string.Compare(row.Id, value) < 0, row => row.Id == value, row => string.Compare(row.Id, value) > 0);
            case "display_name":
                return (
                    row => string.Compare(row.DisplayName, value) < 0,
                    row => row.DisplayName == value,
                    row => string.Compare(row.DisplayName, value) > 0);
            case var _ when !isNumber:
                return null;
            case "create_time":
                return (row => row.CreateTicks < ticks, row => row.CreateTicks == ticks, row => row.CreateTicks > ticks);
            default:
                return (row => row.UpdateTicks < ticks, row => row.UpdateTicks == ticks, row => row.UpdateTicks > ticks);
        }
    }
}
