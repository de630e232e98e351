namespace Scenarios.Engine.Distributions;

/// <summary>A cubic in x of [0, 1].</summary>
internal readonly record struct Cubic(double C0, double C1, double C2, double C3)
{
    /// <summary>Gauss-Legendre nodes and weights of order 6: exact for the products that a cubic projection integrates.</summary>
    private static readonly (double X, double W)[] Nodes =
    [
        (-0.932469514203152, 0.171324492379170), (-0.661209386466265, 0.360761573048139),
        (-0.238619186083197, 0.467913934572691), (0.238619186083197, 0.467913934572691),
        (0.661209386466265, 0.360761573048139), (0.932469514203152, 0.171324492379170),
    ];

    /// <summary>How far the value at 1 is from that at 0.</summary>
    public double Span => Math.Abs(C1 + C2 + C3);

    public double At(double x) => C0 + (x * (C1 + (x * (C2 + (x * C3)))));

    public double SlopeAt(double x) => C1 + (x * ((2 * C2) + (x * 3 * C3)));

    public Cubic Rounded() => new(Binary24.Round(C0), Binary24.Round(C1), Binary24.Round(C2), Binary24.Round(C3));

    /// <summary>The least-squares cubic on [from, to], by projection on Legendre polynomials: it keeps the mean.</summary>
    public static Cubic Fit(Func<double, double> f, double from, double to)
    {
        double a0 = 0, a1 = 0, a2 = 0, a3 = 0;
        foreach (var (x, w) in Nodes)
        {
            var y = w * f(from + ((to - from) * (x + 1) / 2));
            a0 += y / 2;
            a1 += y * x * 3 / 2;
            a2 += y * ((3 * x * x) - 1) * 5 / 4;
            a3 += y * ((5 * x * x) - 3) * x * 7 / 4;
        }

        // Shifted Legendre polynomials in t = (x + 1) / 2: 2t - 1, 6t^2 - 6t + 1, 20t^3 - 30t^2 + 12t - 1.
        return new(a0 - a1 + a2 - a3, (2 * a1) - (6 * a2) + (12 * a3), (6 * a2) - (30 * a3), 20 * a3);
    }

    /// <summary>The same cubic in powers of v, where x = (v - low) / width.</summary>
    public Cubic InPowersFrom(double low, double width)
    {
        var (b1, b2, b3) = (C1 / width, C2 / (width * width), C3 / (width * width * width));
        return new(
            C0 - (b1 * low) + (b2 * low * low) - (b3 * low * low * low),
            b1 - (2 * b2 * low) + (3 * b3 * low * low),
            b2 - (3 * b3 * low),
            b3);
    }
}
