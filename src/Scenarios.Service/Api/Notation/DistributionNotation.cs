using System.Diagnostics.CodeAnalysis;

namespace Scenarios.Service.Api.Notation;

/// <summary>
/// The short notation for distributions, the <c>text</c> of a <see cref="V1.Distribution"/>: "15000", "60 to 180",
/// "triangular(2000, 5000, 15000)", "mixture(0.7: 60 to 180, 0.3: uniform(20, 40))".
/// </summary>
/// <remarks>
/// <para>The grammar, in EBNF (ISO/IEC 14977); blanks between its words mean nothing, nor do case, "_" and "-" in names:</para>
/// <code>
/// distribution = ( number | interval | call ), { truncation } ;
/// interval     = number, to, number, [ "(", probability, ")" ] ;
/// to           = "to" | "-" | any dash of Unicode | ".." | "..." ;
/// truncation   = "truncated", ( number, to, number | "at", "least", number | "at", "most", number ) ;
/// call         = name, "(", [ argument, { ",", argument } ], ")" ;
/// argument     = number | interval | name, "=", number | probability, ":", ( number | distribution ) ;
/// probability  = number, [ "%" ] ;
/// number       = [ "+" | "-" ], ( whole, [ ".", digit, { digit } ] | ".", digit, { digit } ),
///                [ ( "e" | "E" ), [ "+" | "-" ], digit, { digit } | "k" | "K" | "M" ] ;
/// whole        = "0" | digit without 0, { [ "_" ], digit } ;
/// </code>
/// <para>
/// A bare number is a constant. A bare interval is log-normal; "normal(60 to 180)", "gamma(60 to 180)" and
/// "weibull(60 to 180)" are the other three. An interval holds 90 % with equal tails unless it says otherwise:
/// "60 to 180 (80 %)". "60-180", "60 – 180" and "60..180" are read as "60 to 180"; behind a number a hyphen with a blank on its
/// left alone is an error, since it might be a minus. A time may have the unit "day" or "days" behind its numbers, and no other. Several
/// truncations hold together. "k" is a thousand, "M" a million. Commas separate arguments and nothing else, so "15,000" is an error;
/// "15_000" is not. The calls, where [x=...] may be left out:
/// </para>
/// <code>
/// constant(value)
/// uniform(min, max)                     triangular(min, mode, max)            pert(min, mode, max, [shape=...])
/// normal(mean, sd)                      normal(low to high)
/// log_normal(mean=..., sd=...)          log_normal(log_mean=..., log_sd=...)  log_normal(low to high)
/// gamma(shape, scale)                   gamma(mean=..., sd=...)               gamma(low to high)
/// weibull(shape, scale)                 weibull(mean=..., sd=...)             weibull(low to high)
/// exponential(mean)                     poisson(mean)                         negative_binomial(mean=..., dispersion=...)
/// beta(alpha, beta, [min=...], [max=...])
/// discrete(weight: value, ...)          samples(value, ...)
/// quantiles(probability: value, ..., min=..., max=...)
/// metalog(probability: value, ..., [lower=...], [upper=...])                  mixture(weight: distribution, ...)
/// </code>
/// <para>
/// Every positional argument may be named instead; named ones stand last. The names of the message's fields (standard_deviation)
/// are accepted beside the short ones (sd). The notation knows which arguments a family takes, and how many; whether they make
/// sense together (min below max) is for the reader of the message to say, at its field.
/// </para>
/// </remarks>
public static class DistributionNotation
{
    /// <summary>The longest text that is read, in characters.</summary>
    public const int MaxLength = 2_000;

    /// <summary>How many mixtures may stand one inside the other.</summary>
    public const int MaxMixtureDepth = 4;

    /// <summary>Reads a text, in time proportional to its length.</summary>
    /// <param name="text">The text.</param>
    /// <param name="distribution">The distribution it stands for, expanded: without a <c>text</c> anywhere.</param>
    /// <param name="error">The first error, if the text is not in the notation.</param>
    /// <param name="unit">What its numbers are in, which may be written behind them.</param>
    /// <returns>Whether the text is in the notation.</returns>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out V1.Distribution? distribution,
        [NotNullWhen(false)] out NotationError? error,
        NotationUnit unit = NotationUnit.None)
    {
        try
        {
            distribution = Parse(text, unit);
            error = null;
            return true;
        }
        catch (NotationException exception)
        {
            distribution = null;
            error = exception.In(text);
            return false;
        }
    }

    /// <summary>
    /// The canonical text of a distribution: reading it gives back the same message, field for field. It is longer than
    /// <see cref="MaxLength"/>, and so can't be read back, only where a list is long.
    /// </summary>
    /// <param name="distribution">A complete distribution: one family in exactly one form, its numbers finite, no <c>text</c>.</param>
    /// <exception cref="ArgumentException">The distribution is not complete.</exception>
    public static string Format(V1.Distribution distribution) => DistributionFormatter.Format(distribution);

    /// <summary>Reads a text or throws.</summary>
    /// <exception cref="NotationException">The text is not in the notation.</exception>
    internal static V1.Distribution Parse(string text, NotationUnit unit)
    {
        NotationException.ThrowIfTooLong(text, "The text", ": give the distribution as a message instead");
        return new DistributionParser(text, unit).ParseText();
    }
}
