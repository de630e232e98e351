using System.Numerics;
using MathNet.Numerics.IntegralTransforms;

namespace Scenarios.Engine.Tests.Oracles;

/// <summary>
/// Sums of k independent draws of one law on 0, 1, 2, ..., up to a largest value of interest, by Fourier transform.
/// </summary>
/// <remarks>
/// Masses are tilted by exp(-a i), so that what wraps around the circle of N comes back 1e-11 times as large (Gruebel and
/// Hermesmeier, "Computation of compound distributions", ASTIN Bulletin 1999). Rounding of 1e-16 grows by exp(a i) in turn, which a
/// circle of two and a half times the size keeps below 3e4. Probabilities are right to about 1e-9.
/// </remarks>
internal sealed class IndependentSums
{
    private static readonly double LogOfAlias = Math.Log(1e11);

    private readonly int _size;
    private readonly int _circle;
    private readonly double _tilt;
    private readonly Complex[] _transform;

    /// <param name="masses">Probabilities of 0, 1, 2, ...; what is missing to 1 is larger than all values of interest.</param>
    public IndependentSums(double[] masses)
    {
        _size = masses.Length;
        _circle = (int)BitOperations.RoundUpToPowerOf2((uint)(2.5 * _size));
        _tilt = LogOfAlias / _circle;
        _transform = new Complex[_circle];
        for (var i = 0; i < _size; i++)
        {
            _transform[i] = masses[i] * Math.Exp(-_tilt * i);
        }

        Fourier.Forward(_transform, FourierOptions.AsymmetricScaling);
    }

    /// <summary>Probabilities of 0, 1, 2, ... of a sum of a random number of draws, which is k with the given weights.</summary>
    public double[] Mixture(ReadOnlySpan<double> weights)
    {
        var buffer = new Complex[_circle];
        for (var j = 0; j <= _circle / 2; j++)
        {
            var sum = Complex.Zero;
            for (var k = weights.Length - 1; k >= 0; k--)
            {
                sum = (sum * _transform[j]) + weights[k];
            }

            buffer[j] = sum;
            buffer[(_circle - j) % _circle] = Complex.Conjugate(sum);
        }

        Fourier.Inverse(buffer, FourierOptions.AsymmetricScaling);
        var masses = new double[_size];
        for (var i = 0; i < _size; i++)
        {
            masses[i] = buffer[i].Real * Math.Exp(_tilt * i);
        }

        return masses;
    }

    /// <summary>
    /// P(sum of k draws at most x) for k = 0 .. terms - 1, where only a share of the mass at x itself is counted.
    /// </summary>
    public double[] AtMost(int x, int terms, double shareOfLast = 1)
    {
        var half = _circle / 2;
        var steps = new Complex[half + 1];
        var powers = new Complex[half + 1];
        for (var j = 0; j <= half; j++)
        {
            // The sum over i up to x of exp((tilt + 2 pi i j / N) i), a geometric series; both signs of j at once.
            var z = Complex.Exp(new Complex(_tilt, 2 * Math.PI * j / _circle));
            var atLast = Complex.Exp(new Complex(_tilt * x, 2 * Math.PI * ((long)j * x % _circle) / _circle));
            steps[j] = (((atLast * z) - 1) / (z - 1)) - ((1 - shareOfLast) * atLast);
            powers[j] = (j == 0 || j == half ? 1.0 : 2.0) / _circle;
        }

        var result = new double[terms];
        for (var k = 0; k < terms; k++)
        {
            var sum = 0.0;
            for (var j = 0; j <= half; j++)
            {
                sum += (powers[j].Real * steps[j].Real) - (powers[j].Imaginary * steps[j].Imaginary);
                powers[j] *= _transform[j];
            }

            result[k] = sum;
        }

        return result;
    }
}
