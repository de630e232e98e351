using System.Diagnostics;
using Scenarios.Engine.Simulation;
using Scenarios.Engine.Statistics;

namespace Scenarios.Benchmarks;

/// <summary>
/// Speed of the engine with one and two threads beside a plain loop on MathNet's samplers. Machines and their other work differ:
/// the contestants take turns, and only the ratios mean anything.
/// </summary>
internal static class EngineBench
{
    private const int Rounds = 5;

    public static void Run(TextWriter output)
    {
        output.WriteLine("| scenario | plain loop, paths/s | engine, 1 thread | to plain | ns/jump | engine, 2 threads | to 1 thread |");
        output.WriteLine("|---|---|---|---|---|---|---|");
        Compare(output, KnownScenarios.Weekly, paths: 4_000_000, plainPaths: 20_000);
        Compare(output, KnownScenarios.Daily, paths: 200_000, plainPaths: 1000);
        Compare(output, KnownScenarios.Founding, paths: 4_000_000, plainPaths: 20_000);
    }

    private static void Compare(TextWriter output, KnownScenario scenario, int paths, int plainPaths)
    {
        var projector = Projector.Compile(scenario.Model, seed: 1, [scenario.Threshold], []);
        Tally[] tallies = [projector.CreateTally(), projector.CreateTally()];
        var plain = new PlainSimulation(scenario.Plain, 100_000);
        double Plain() => plainPaths / Seconds(() => plain.Run(plainPaths, seed: 1));
        double OneThread() => paths / Seconds(() => Simulate(projector, tallies[0], 0, paths));
        double TwoThreads() => paths / Seconds(() => Parallel.Invoke(
            () => Simulate(projector, tallies[0], 0, paths / 2),
            () => Simulate(projector, tallies[1], paths / 2, paths / 2)));

        _ = (Plain(), OneThread(), TwoThreads());
        var rounds = Enumerable.Range(0, Rounds).Select(_ => (Plain: Plain(), One: OneThread(), Two: TwoThreads())).ToArray();
        var plainSpeed = Median(rounds.Select(r => r.Plain));
        var (one, toPlain) = (Median(rounds.Select(r => r.One)), Median(rounds.Select(r => r.One / r.Plain)));
        var (two, toOne) = (Median(rounds.Select(r => r.Two)), Median(rounds.Select(r => r.Two / r.One)));
        output.WriteLine(
            $"| {scenario.Name} | {plainSpeed / 1e6:F4} M | {one / 1e6:F2} M | {toPlain:F0} x " +
            $"| {1e9 / one / projector.ArrivalsPerPath:F2} | {two / 1e6:F2} M | {toOne:F2} x |");
    }

    private static void Simulate(Projector projector, Tally tally, long firstPath, int paths)
    {
        tally.Clear();
        projector.Simulate(firstPath, paths, tally);
    }

    private static double Seconds(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
}
