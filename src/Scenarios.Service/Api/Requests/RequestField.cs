using Scenarios.Service.Api.Errors;

namespace Scenarios.Service.Api.Requests;

/// <summary>
/// A place in a request: knows its proto field path and where the violations of the whole request are collected. What is wrong is
/// reported where the caller can change it: inside a stored scenario or a text that is its field, and what an override
/// set is the override.
/// </summary>
internal sealed class RequestField
{
    private const int LongestKey = 120;
    private const string StoredWords = " of the stored scenario";

    private readonly List<Violation> _violations;
    private readonly RequestField? _parent;
    private readonly string _name;

    /// <summary>What the fields inside belong to, where the caller did not write them: " of the stored scenario".</summary>
    private string? _unwritten;

    /// <summary>Keys of overrides by the paths, from here, that they set.</summary>
    private IReadOnlyDictionary<string, string>? _overrides;

    /// <summary>Fields whose override is to blame where this one has none of its own.</summary>
    private IReadOnlyList<RequestField> _causes = [];

    /// <summary>Values to give instead of this one, where a rule of that kind is broken inside it.</summary>
    private (ViolationReason Reason, IReadOnlyList<MendingText> Texts)? _mends;

    private RequestField(List<Violation> violations, RequestField? parent, string name)
    {
        _violations = violations;
        _parent = parent;
        _name = name;
    }

    /// <summary>All violations of the request so far.</summary>
    public IReadOnlyList<Violation> Violations => _violations;

    /// <summary>The whole of a request that nothing is yet known against.</summary>
    public static RequestField Root() => new([], null, "");

    /// <summary>Is this within a stored message, which the caller did not write?</summary>
    public bool IsStored => _unwritten == StoredWords || _parent?.IsStored == true;

    /// <summary>A field of this message.</summary>
    public RequestField At(string name) => new(_violations, this, name);

    /// <summary>An element of a repeated field of this message.</summary>
    public RequestField At(string name, int index) => At($"{name}[{index}]");

    /// <summary>An entry of a map of this message.</summary>
    public RequestField Entry(string map, string key) => At(EntryName(map, key));

    /// <summary>
    /// A field that names a stored message: what is wrong inside is reported at the name, which is what the caller can change,
    /// and says where inside.
    /// </summary>
    public RequestField Stored(string name) => Unwritten(name, StoredWords);

    /// <summary>A field that stands for a message in short notation: what is wrong inside is reported at the text.</summary>
    public RequestField Text(string name, string text) => Unwritten(name, $" of {Spoken.Quote(text)}");

    /// <summary>The same place, some fields inside set by overrides: what is wrong with them is reported at the override.</summary>
    /// <param name="keysByPath">Keys of the overrides by the paths, from here, that they set.</param>
    public RequestField WithOverrides(IReadOnlyDictionary<string, string> keysByPath) =>
        new(_violations, _parent, _name) { _unwritten = _unwritten, _overrides = keysByPath };

    /// <summary>The same place, for a rule between several fields: reported at the override of any of them, if there is one.</summary>
    public RequestField DueTo(params IEnumerable<RequestField> others) =>
        new(_violations, _parent, _name) { _unwritten = _unwritten, _overrides = _overrides, _causes = [.. others] };

    /// <summary>
    /// The same place, a distribution: what mends it where a rule of that kind is broken inside. Told only where the caller wrote the whole
    /// of it as one text, which the mend can take the place of.
    /// </summary>
    public RequestField WithMends(ViolationReason reason, IReadOnlyList<MendingText> texts) =>
        new(_violations, _parent, _name) { _unwritten = _unwritten, _overrides = _overrides, _causes = _causes, _mends = (reason, texts) };

    /// <summary>Reports a broken rule here.</summary>
    /// <param name="reason">The kind of rule.</param>
    /// <param name="problem">What was given and what is allowed, in a sentence.</param>
    /// <param name="mend">How to mend it, in a sentence.</param>
    /// <param name="texts">Values to give instead, where this is a distribution: alternatives.</param>
    public void Report(ViolationReason reason, string problem, string mend, params IReadOnlyList<MendingText> texts)
    {
        var (path, inside) = Path();
        var isText = inside.Length > 0;
        _violations.Add(new(path, reason, isText ? $"{inside}: {problem}" : problem, mend)
        {
            Texts = texts.Count > 0 || !isText ? texts : MendsAround(reason),
        });
    }

    /// <summary>Reports that this is understood and not served yet.</summary>
    public void ReportNotAvailableYet(string what) =>
        Report(ViolationReason.NotAvailableYet, $"{what} not available yet.", "Leave the field out.");

    /// <summary>Ends the parse with all violations, if there are any.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_REQUEST.</exception>
    public void ThrowIfViolated()
    {
        if (_violations.Count > 0)
        {
            throw ApiErrors.InvalidRequest(_violations);
        }
    }

    /// <summary>The path that the caller wrote, and in words the place inside what stands there.</summary>
    private (string Path, string Inside) Path()
    {
        if (OverrideKey(out var inScenario) is { } key)
        {
            return (EntryName("overrides", key), $"{inScenario} of the scenario");
        }

        var (path, inside, of) = Written();
        return (path, inside.Length == 0 ? "" : inside + of);
    }

    private IReadOnlyList<MendingText> MendsAround(ViolationReason reason) =>
        _mends is { } mends && mends.Reason == reason ? mends.Texts : _parent?.MendsAround(reason) ?? [];

    private RequestField Unwritten(string name, string of) => new(_violations, this, name) { _unwritten = of };

    private (string Path, string Inside, string Of) Written()
    {
        if (_parent is null)
        {
            return ("", "", "");
        }

        var (path, inside, of) = _parent.Written();
        return of.Length > 0 ? (path, Joined(inside, _name), of)
            : _parent._unwritten is { } words ? (path, _name, words)
            : (Joined(path, _name), "", "");
    }

    /// <summary>The override that set this field or one that it depends on, and this field's path in the scenario; null for none.</summary>
    private string? OverrideKey(out string path)
    {
        var scenario = this;
        path = "";
        while (scenario is { _overrides: null, _parent: not null })
        {
            (scenario, path) = (scenario._parent, Joined(scenario._name, path));
        }

        return scenario._overrides is not { } overrides ? null
            : KeyOf(overrides, path) ?? _causes.Select(cause => cause.OverrideKey(out _)).FirstOrDefault(key => key is not null);
    }

    /// <summary>The key of a path or of the nearest message that holds it.</summary>
    private static string? KeyOf(IReadOnlyDictionary<string, string> keysByPath, string path)
    {
        while (path.Length > 0)
        {
            if (keysByPath.TryGetValue(path, out var key))
            {
                return key;
            }

            path = path[..Math.Max(path.LastIndexOfAny(['.', '[']), 0)];
        }

        return null;
    }

    private static string EntryName(string map, string key) => $"{map}[\"{ApiErrors.Clipped(key, LongestKey)}\"]";

    private static string Joined(string path, string name) =>
        path.Length == 0 ? name : name.Length == 0 ? path : $"{path}.{name}";
}
