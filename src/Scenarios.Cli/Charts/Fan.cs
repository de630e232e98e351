using Google.Protobuf.Collections;
using Scenarios.V1;

namespace Scenarios.Cli.Charts;

/// <summary>The quantiles of a projection as curves over columns, linear between reported points, in rows of a plot.</summary>
internal sealed class Fan
{
    /// <summary>Not inside any band.</summary>
    public const int Outside = -1;

    private readonly RepeatedField<ProjectionPoint> _points;
    private readonly int _columns;
    private readonly double _scale;
    private readonly int _levels;

    /// <summary>The fan of a projection with at least one point.</summary>
    /// <param name="projection">The projection.</param>
    /// <param name="columns">Columns of the plot.</param>
    /// <param name="scale">Rows per count.</param>
    public Fan(Projection projection, int columns, double scale)
    {
        _points = projection.Points;
        _columns = columns;
        _scale = scale;
        _levels = projection.QuantileLevels.Count;
        BandCount = _levels / 2;
        var middle = projection.QuantileLevels.IndexOf(0.5);
        MedianIndex = middle >= 0 ? middle : _levels % 2 == 1 ? _levels / 2 : null;
    }

    /// <summary>How many bands lie within one another.</summary>
    public int BandCount { get; }

    /// <summary>Which quantile is drawn as a line: the median, or the middle one of an odd number; null for none.</summary>
    public int? MedianIndex { get; }

    /// <summary>Height of a quantile in rows above the axis, at a column (that may be between two).</summary>
    public double Height(int quantile, double column) => At(column, point => point.Cumulative.Quantiles[quantile]) * _scale;

    /// <summary>Height of the middle of those present, in rows; null without.</summary>
    public double? PresentHeight(double column) => _points[0].Present is null
        ? null
        : At(column, point => MedianIndex is { } median ? point.Present.Quantiles[median] : point.Present.Mean) * _scale;

    /// <summary>How deep a place lies in the bands: 0 in the outermost; <see cref="Outside"/>.</summary>
    /// <param name="heights">Heights of all quantiles at the column.</param>
    /// <param name="height">The place, in rows.</param>
    public int Depth(ReadOnlySpan<double> heights, double height)
    {
        for (var i = 0; i + 1 < _levels; i++)
        {
            if (heights[i] <= height && height < heights[i + 1])
            {
                return Math.Min(i, _levels - 2 - i);
            }
        }

        return Outside;
    }

    /// <summary>Heights of all quantiles at a column.</summary>
    public double[] Heights(double column) => [.. Enumerable.Range(0, _levels).Select(quantile => Height(quantile, column))];

    private double At(double column, Func<ProjectionPoint, double> value)
    {
        var first = _points[0].Day;
        var last = _points[^1].Day;
        var day = first + (Math.Clamp(column / Math.Max(1, _columns - 1), 0, 1) * (last - first));
        var right = 0;
        while (right < _points.Count - 1 && _points[right].Day < day)
        {
            right++;
        }

        if (right == 0 || _points[right].Day <= day)
        {
            return value(_points[right]);
        }

        var (before, after) = (_points[right - 1], _points[right]);
        var share = (day - before.Day) / (after.Day - before.Day);
        return (value(before) * (1 - share)) + (value(after) * share);
    }
}
