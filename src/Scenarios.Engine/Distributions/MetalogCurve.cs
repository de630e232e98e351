namespace Scenarios.Engine.Distributions;

/// <summary>
/// The curve M(y) = A(v) + B(v) L of T. W. Keelin ("The Metalog Distributions", Decision Analysis 13, 2016, equations 5 to 7)
/// with L = ln(y / (1 - y)), v = 2y - 1 and polynomials A and B, through as many points as it has terms.
/// </summary>
/// <remarks>
/// The equations get ill-conditioned with many terms (1e11 at 16 evenly spaced points), so they are solved with 106 bits, and
/// without the C library: every machine has the same coefficients.
/// <para>
/// For some probabilities they are singular. With 7, 11 or 15 points that are symmetric about 1/2 there is one odd term more
/// than points on a side: no such curve passes through them, or many do, and the last bits of the probabilities decide.
/// </para>
/// </remarks>
internal sealed class MetalogCurve
{
    /// <summary>
    /// A slope dM/dL down to minus this part of the mean slope through the points counts as level: points on a straight line,
    /// rounded to doubles, have slopes in the tails that are zero to 1e-10 of it only.
    /// </summary>
    public const double Level = 1e-9;

    /// <summary>
    /// The least pivot, as a part of its column: below, rounding the probabilities to doubles moves the curve by more than about
    /// 1e-4 of its values. Evenly spaced points have 1e-7 or more, singular sets 1e-15 or less.
    /// </summary>
    private const double LeastPivot = 1e-12;

    private readonly DoubleDouble[] _a;
    private readonly DoubleDouble[] _b;
    private readonly double[] _roundedA;
    private readonly double[] _roundedB;
    private readonly double[] _turns; // Where M' changes from rising to falling or back, ascending in v.

    private MetalogCurve(DoubleDouble[] a, DoubleDouble[] b, double meanSlope)
    {
        (_a, _b) = (a, b);
        (_roundedA, _roundedB) = (Array.ConvertAll(a, c => c.ToDouble()), Array.ConvertAll(b, c => c.ToDouble()));
        MeanSlope = meanSlope;
        _turns = Turns();
        (LowerEnd, UpperEnd) = LevelEnds();
    }

    /// <summary>Rise over L from the first point to the last.</summary>
    public double MeanSlope { get; }

    /// <summary>
    /// The probability below which the curve is held level, because it would fall there, though within
    /// <see cref="Level"/>; 0 for nowhere.
    /// </summary>
    public double LowerEnd { get; }

    /// <summary>The probability above y above which it is; 0 for nowhere.</summary>
    public double UpperEnd { get; }

    /// <summary>Slope dM/dL where y goes to 0: how heavy the lower tail is.</summary>
    public double LowerTailSlope => Slope(-1).ToDouble();

    /// <summary>Slope dM/dL where y goes to 1.</summary>
    public double UpperTailSlope => Slope(1).ToDouble();

    /// <summary>
    /// The curve with as many terms as points, probabilities and values of which ascend; null if they do not determine it.
    /// </summary>
    public static MetalogCurve? Through(ReadOnlySpan<(double Probability, DoubleDouble Value)> points)
    {
        // Terms in Keelin's order: 1, L, vL, v, v^2, v^2 L, v^3, v^3 L, ...
        var n = points.Length;
        var rows = new DoubleDouble[n][];
        for (var i = 0; i < n; i++)
        {
            var (v, logit) = At(points[i].Probability);
            var row = rows[i] = new DoubleDouble[n + 1];
            DoubleDouble power = 1;
            for (var k = 0; k < n; k++)
            {
                row[k] = IsLogistic(k) ? power * logit : power;
                power = k % 2 == 1 ? power * v : power;
            }

            row[n] = points[i].Value;
        }

        if (Solve(rows) is not { } terms)
        {
            return null;
        }

        var rise = (points[^1].Value - points[0].Value) / (At(points[^1].Probability).Logit - At(points[0].Probability).Logit);
        return new(
            [.. terms.Where((_, k) => !IsLogistic(k))], [.. terms.Where((_, k) => IsLogistic(k))], rise.ToDouble());
    }

    /// <summary>
    /// M at the probability <paramref name="nearer"/> of the nearer tail, at most 1/2: off by a few units in the last place of
    /// its largest term, in either tail.
    /// </summary>
    public double Value(double nearer, bool lower)
    {
        nearer = Math.Max(nearer, lower ? LowerEnd : UpperEnd);
        var v = lower ? (2 * nearer) - 1 : 1 - (2 * nearer);
        var logit = Elementary.Logit(nearer);
        double a = 0, b = 0;
        for (var k = _roundedA.Length - 1; k >= 0; k--)
        {
            a = Math.FusedMultiplyAdd(a, v, _roundedA[k]);
        }

        for (var k = _roundedB.Length - 1; k >= 0; k--)
        {
            b = Math.FusedMultiplyAdd(b, v, _roundedB[k]);
        }

        return Math.FusedMultiplyAdd(b, lower ? logit : -logit, a);
    }

    /// <summary>The stretches of y in which the curve falls, ascending, and where in each dM/dL is least; none where it falls nowhere.</summary>
    public IReadOnlyList<(double From, double To, double Steepest, double Slope)> Falls()
    {
        double[] candidates = [-1, .. _turns, 1];
        double[] ends = [-1, .. Zeros(Slope, _turns), 1];
        var falls = new List<(double, double, double, double)>();
        for (var i = 1; i < ends.Length; i++)
        {
            // Between two zeros the slope has one sign, and is least at a turn or at an end of the tails.
            var (from, to) = (ends[i - 1], ends[i]);
            var within = candidates.Where(v => (v > from || v == -1) && (v < to || v == 1) && v >= from && v <= to).ToArray();
            if (within.Length > 0 && within.MinBy(v => Slope(v).ToDouble()) is var steepest
                && Slope(steepest).ToDouble() is var slope && slope < -Level * MeanSlope)
            {
                falls.Add(((1 + from) / 2, (1 + to) / 2, (1 + steepest) / 2, slope));
            }
        }

        return falls;
    }

    /// <summary>
    /// Where M' has its maxima and minima.
    /// </summary>
    /// <remarks>
    /// Between neighbouring zeros of its derivative a function is monotone, so has one zero at most, and bisection finds it.
    /// The derivatives of M have the form A^(k) + B^(k) L + S_k / (1 - v^2)^k with polynomials S_k; high ones are S_k alone,
    /// whose own derivatives end with a constant. From there down to M'' every zero is found: no dip is too narrow.
    /// </remarks>
    private double[] Turns()
    {
        var chain = new Stack<Func<double, DoubleDouble>>();
        var (a, b) = (_a, _b);
        DoubleDouble[] s = [];
        for (var k = 0; a.Length > 0 || b.Length > 0; k++)
        {
            if (k >= 2)
            {
                chain.Push(DerivativeTimesPower(k, a, b, s));
            }

            s = Next(k, b, s);
            (a, b) = (Derivative(a), Derivative(b));
        }

        for (; s.Length > 0; s = Derivative(s))
        {
            var polynomial = s;
            chain.Push(v => Horner(polynomial, v));
        }

        double[] turns = [];
        foreach (var derivative in chain)
        {
            turns = Zeros(derivative, turns);
        }

        return turns;
    }

    private (double Lower, double Upper) LevelEnds()
    {
        var levels = Zeros(Slope, _turns);
        return (
            LowerTailSlope < 0 && levels.Length > 0 ? (1 + levels[0]) / 2 : 0,
            UpperTailSlope < 0 && levels.Length > 0 ? (1 - levels[^1]) / 2 : 0);
    }

    private static bool IsLogistic(int term) => term is 1 or 2 || (term > 3 && term % 2 == 1);

    private static (DoubleDouble V, DoubleDouble Logit) At(double y)
    {
        DoubleDouble rest = (DoubleDouble)1 - y;
        return ((DoubleDouble)y - rest, DoubleDouble.Log(y) - DoubleDouble.Log(rest));
    }

    /// <summary>
    /// Gauss's elimination with the largest pivot of each column, the right side in the last; null if a pivot is too small.
    /// </summary>
    private static DoubleDouble[]? Solve(DoubleDouble[][] rows)
    {
        var n = rows.Length;
        double[] sizes = [.. Enumerable.Range(0, n).Select(k => rows.Max(row => Math.Abs(row[k].High)))];
        for (var k = 0; k < n; k++)
        {
            var pivot = k;
            for (var i = k + 1; i < n; i++)
            {
                pivot = Math.Abs(rows[i][k].High) > Math.Abs(rows[pivot][k].High) ? i : pivot;
            }

            (rows[k], rows[pivot]) = (rows[pivot], rows[k]);
            if (Math.Abs(rows[k][k].High) < LeastPivot * sizes[k])
            {
                return null;
            }

            for (var i = k + 1; i < n; i++)
            {
                var factor = rows[i][k] / rows[k][k];
                for (var j = k; j <= n; j++)
                {
                    rows[i][j] -= factor * rows[k][j];
                }
            }
        }

        var solution = new DoubleDouble[n];
        for (var k = n - 1; k >= 0; k--)
        {
            var rest = rows[k][n];
            for (var j = k + 1; j < n; j++)
            {
                rest -= rows[k][j] * solution[j];
            }

            solution[k] = rest / rows[k][k];
        }

        return solution;
    }

    /// <summary>
    /// S_(k+1) = (1 - v^2) S_k' + 2 k v S_k + 2 (1 - v^2)^k B^(k), since L' = 2 / (1 - v^2).
    /// </summary>
    private static DoubleDouble[] Next(int k, DoubleDouble[] b, DoubleDouble[] s)
    {
        DoubleDouble[] width = [1, 0, -1];
        var source = Array.ConvertAll(b, c => 2 * c);
        for (var i = 0; i < k; i++)
        {
            source = Product(width, source);
        }

        return Sum(Sum(Product(width, Derivative(s)), Product([0, 2 * k], s)), source);
    }

    private static Func<double, DoubleDouble> DerivativeTimesPower(int k, DoubleDouble[] a, DoubleDouble[] b, DoubleDouble[] s) => v =>
    {
        var rational = Horner(s, v);
        if (v is -1 or 1)
        {
            return rational;
        }

        var (width, logit) = Around(v);
        var smooth = Horner(a, v) + (Horner(b, v) * logit);
        for (var i = 0; i < k; i++)
        {
            smooth *= width;
        }

        return smooth + rational;
    };

    /// <summary>dM/dL at v; at -1 and 1 its limits.</summary>
    private DoubleDouble Slope(double v)
    {
        var b = Horner(_b, v);
        if (v is -1 or 1)
        {
            return b;
        }

        var (width, logit) = Around(v);
        return b + (width * 0.5 * (Horner(Derivative(_a), v) + (Horner(Derivative(_b), v) * logit)));
    }

    /// <summary>1 - v^2 and ln((1 + v) / (1 - v)).</summary>
    private static (DoubleDouble Width, DoubleDouble Logit) Around(double v)
    {
        var (above, below) = ((DoubleDouble)1 + v, (DoubleDouble)1 - v);
        return (above * below, DoubleDouble.Log(above) - DoubleDouble.Log(below));
    }

    /// <summary>Where a function changes its sign in [-1, 1]; it is monotone between its turns.</summary>
    private static double[] Zeros(Func<double, DoubleDouble> function, double[] turns)
    {
        var zeros = new List<double>();
        double[] ends = [.. turns, 1];
        var low = -1.0;
        var isLowNegative = function(low).High < 0;
        foreach (var high in ends)
        {
            var isHighNegative = function(high).High < 0;
            if (isLowNegative != isHighNegative)
            {
                zeros.Add(Crossing(function, low, high, isLowNegative));
            }

            (low, isLowNegative) = (high, isHighNegative);
        }

        return [.. zeros];
    }

    private static double Crossing(Func<double, DoubleDouble> function, double low, double high, bool isLowNegative)
    {
        while (high - low > 1e-18)
        {
            var middle = low + ((high - low) / 2);
            if (middle <= low || middle >= high)
            {
                break;
            }

            (low, high) = function(middle).High < 0 == isLowNegative ? (middle, high) : (low, middle);
        }

        return high;
    }

    private static DoubleDouble Horner(DoubleDouble[] coefficients, double v)
    {
        DoubleDouble sum = 0;
        for (var k = coefficients.Length - 1; k >= 0; k--)
        {
            sum = (sum * v) + coefficients[k];
        }

        return sum;
    }

    private static DoubleDouble[] Derivative(DoubleDouble[] c) => [.. c.Skip(1).Select((x, k) => x * (k + 1))];

    private static DoubleDouble[] Sum(DoubleDouble[] a, DoubleDouble[] b)
    {
        var sum = new DoubleDouble[Math.Max(a.Length, b.Length)];
        for (var k = 0; k < sum.Length; k++)
        {
            sum[k] = (k < a.Length ? a[k] : 0) + (k < b.Length ? b[k] : 0);
        }

        return sum;
    }

    private static DoubleDouble[] Product(DoubleDouble[] a, DoubleDouble[] b)
    {
        if (a.Length == 0 || b.Length == 0)
        {
            return [];
        }

        var product = new DoubleDouble[a.Length + b.Length - 1];
        for (var i = 0; i < a.Length; i++)
        {
            for (var k = 0; k < b.Length; k++)
            {
                product[i + k] += a[i] * b[k];
            }
        }

        return product;
    }
}
