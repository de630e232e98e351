using Scenarios.Service.Api.Errors;

namespace Scenarios.Service.Api.Requests;

/// <summary>
/// A place in a request: knows its proto field path and where the violations of the whole request are collected.
/// </summary>
internal sealed class RequestField
{
    private readonly List<Violation> _violations;
    private readonly RequestField? _parent;
    private readonly string _name;
    private readonly bool _isStored;

    private RequestField(List<Violation> violations, RequestField? parent, string name, bool isStored)
    {
        _violations = violations;
        _parent = parent;
        _name = name;
        _isStored = isStored;
    }

    /// <summary>All violations of the request so far.</summary>
    public IReadOnlyList<Violation> Violations => _violations;

    /// <summary>The whole of a request that nothing is yet known against.</summary>
    public static RequestField Root() => new([], null, "", isStored: false);

    /// <summary>A field of this message.</summary>
    public RequestField At(string name) => new(_violations, this, name, isStored: false);

    /// <summary>An element of a repeated field of this message.</summary>
    public RequestField At(string name, int index) => At($"{name}[{index}]");

    /// <summary>
    /// A field that names a stored message: what is wrong inside is reported at the name, which is what the caller can change,
    /// and says where inside.
    /// </summary>
    public RequestField Stored(string name) => new(_violations, this, name, isStored: true);

    /// <summary>Reports a broken rule here.</summary>
    /// <param name="reason">The kind of rule.</param>
    /// <param name="problem">What was given and what is allowed, in a sentence.</param>
    /// <param name="mend">How to mend it, in a sentence.</param>
    public void Report(ViolationReason reason, string problem, string mend)
    {
        var (path, inside) = Path();
        _violations.Add(new(path, reason, inside.Length == 0 ? problem : $"{inside} of the stored scenario: {problem}", mend));
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

    /// <summary>The path from outside, and the part of it that lies inside a stored message.</summary>
    private (string Path, string Inside) Path()
    {
        if (_parent is null)
        {
            return ("", "");
        }

        var (path, inside) = _parent.Path();
        var isInside = inside.Length > 0 || _parent._isStored;
        return isInside ? (path, Joined(inside, _name)) : (Joined(path, _name), "");
    }

    private static string Joined(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
