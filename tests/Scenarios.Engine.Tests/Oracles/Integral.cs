using MathNet.Numerics.Integration;

namespace Scenarios.Engine.Tests.Oracles;

/// <summary>Integrals by Gauss and Legendre's rule in equal parts: 1e-10 for what is smooth within each.</summary>
internal static class Integral
{
    private const int Order = 10;

    public static double Of(Func<double, double> f, double from, double to, int parts = 100)
    {
        var width = (to - from) / parts;
        var sum = 0.0;
        for (var part = 0; part < parts && width > 0; part++)
        {
            sum += GaussLegendreRule.Integrate(f, from + (part * width), from + ((part + 1) * width), Order);
        }

        return sum;
    }
}
