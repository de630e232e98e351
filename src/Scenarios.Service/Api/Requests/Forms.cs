namespace Scenarios.Service.Api.Requests;

/// <summary>A parameter of a distribution: its field's name, whether it is given, and as what number.</summary>
internal readonly record struct Parameter(string Name, bool IsGiven, double Value, Bounds Bounds);

/// <summary>Families whose parameters come in several forms take exactly one complete form.</summary>
internal static class Forms
{
    /// <summary>
    /// Index of the one form of which anything is given; -1, and reported, where there is none or more than one.
    /// </summary>
    /// <param name="field">The family.</param>
    /// <param name="forms">For each form, its fields and whether they are given.</param>
    public static int Choose(RequestField field, params ReadOnlySpan<(string Name, bool IsGiven)[]> forms)
    {
        var chosen = -1;
        var names = new List<string>();
        var isAmbiguous = false;
        for (var i = 0; i < forms.Length; i++)
        {
            var given = forms[i].Where(part => part.IsGiven).Select(part => part.Name).ToArray();
            if (given.Length > 0)
            {
                names.AddRange(given);
                isAmbiguous |= chosen >= 0;
                chosen = i;
            }
        }

        if (chosen >= 0 && !isAmbiguous)
        {
            return chosen;
        }

        var allowed = new List<string>();
        foreach (var form in forms)
        {
            allowed.Add(Spoken.Row([.. form.Select(part => part.Name)]));
        }

        if (isAmbiguous)
        {
            field.Report(
                ViolationReason.Conflict,
                $"{Spoken.Row(names)} are given together, but they belong to different forms.",
                $"Give only {Spoken.Row(allowed, "or only")}.");
        }
        else
        {
            field.Report(ViolationReason.Required, "No parameter is given.", $"Give {Spoken.Row(allowed, "or")}.");
        }

        return -1;
    }

    /// <summary>Checks two parameters of one form; null, and reported, where one is missing or not allowed.</summary>
    public static (double First, double Second)? Both(RequestField field, Parameter first, Parameter second)
    {
        var a = first.Bounds.Require(field.At(first.Name), first.IsGiven, first.Value);
        var b = second.Bounds.Require(field.At(second.Name), second.IsGiven, second.Value);
        return a is { } x && b is { } y ? (x, y) : null;
    }

    /// <summary>Two ends in order, the second above the first; null, and reported, otherwise.</summary>
    public static (double Low, double High)? Ends(RequestField field, Parameter low, Parameter high)
    {
        if (Both(field, low, high) is not { } ends)
        {
            return null;
        }

        if (ends.First < ends.Second)
        {
            return ends;
        }

        var relation = ends.First == ends.Second ? "equals" : "is above";
        field.At(low.Name).Report(
            ViolationReason.NotAscending,
            $"{low.Name} {Spoken.Number(ends.First)} {relation} {high.Name} {Spoken.Number(ends.Second)}; it must be below.",
            ends.First == ends.Second ? "For a number that is known, use constant." : $"Swap {low.Name} and {high.Name}, or move one of them.");
        return null;
    }

    /// <summary>Three points in order: min at most mode, mode at most max, min below max; null, and reported, otherwise.</summary>
    public static (double Min, double Mode, double Max)? ThreePoints(RequestField field, Parameter min, Parameter mode, Parameter max)
    {
        var middle = mode.Bounds.Require(field.At(mode.Name), mode.IsGiven, mode.Value);
        if (Ends(field, min, max) is not { } ends || middle is not { } peak)
        {
            return null;
        }

        if (peak >= ends.Low && peak <= ends.High)
        {
            return (ends.Low, peak, ends.High);
        }

        var (end, value, move) = peak > ends.High ? (max.Name, ends.High, "raise") : (min.Name, ends.Low, "lower");
        field.At(mode.Name).Report(
            ViolationReason.OutOfRange,
            $"{Spoken.Number(peak)} is {(peak > ends.High ? "above" : "below")} {end} {Spoken.Number(value)}; the mode lies from min to max.",
            $"Give a mode from {Spoken.Number(ends.Low)} to {Spoken.Number(ends.High)}, or {move} {end} to {Spoken.Number(peak)}.");
        return null;
    }

    /// <summary>Checks that a quantile comes after the one before it: strictly in probability, and in value where that must be.</summary>
    public static bool Ascending(
        RequestField field, (double Probability, double Value) previous, (double Probability, double Value) point, bool isStrict)
    {
        var isAscending = true;
        if (point.Probability <= previous.Probability)
        {
            field.At("probability").Report(
                ViolationReason.NotAscending,
                $"{Spoken.Number(point.Probability)} is not above the probability before it, {Spoken.Number(previous.Probability)}.",
                "List quantiles in the order of their probabilities, each once.");
            isAscending = false;
        }

        if (point.Value < previous.Value || (isStrict && point.Value == previous.Value))
        {
            field.At("value").Report(
                ViolationReason.NotAscending,
                $"{Spoken.Number(point.Value)} is {(isStrict ? "not above" : "below")} the value before it, {Spoken.Number(previous.Value)}.",
                $"Give a value {(isStrict ? "above" : "of at least")} {Spoken.Number(previous.Value)}.");
            isAscending = false;
        }

        return isAscending;
    }
}
