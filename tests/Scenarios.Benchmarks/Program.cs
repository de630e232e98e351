using Microsoft.Win32.SafeHandles;
using Scenarios.Benchmarks;
using Scenarios.Benchmarks.Load;
using Scenarios.Benchmarks.Micro;
using Scenarios.Benchmarks.Peers;
using Scenarios.Benchmarks.Scaling;

switch (args)
{
    case ["engine"]:
        EngineBench.Run(Console.Out);
        return 0;
    case ["peers"] or ["peers", _]:
        await PeerBench.RunAsync(Console.Out, Console.Error, jsonFile: args.ElementAtOrDefault(1));
        return 0;
    case ["contestant", var name, var threads, var caseId]:
        return await ContestantProcess.ServeAsync(name, int.Parse(threads), caseId);
    case ["scaling"] or ["scaling", _]:
        ScalingBench.Run(Console.Out, Console.Error, folder: args.ElementAtOrDefault(1));
        return 0;
    case ["readers"]:
        return await ReadersBench.RunAsync(Console.Out);
    case ["overload"]:
        return await OverloadBench.RunAsync(Console.Out);
    case ["soak"]:
        return await SoakBench.RunAsync(Console.Out, minutes: 30);
    case ["soak", var minutes] when double.TryParse(minutes, out var time) && time > 0:
        return await SoakBench.RunAsync(Console.Out, time);
    case ["serve", .. var settings]:
        return await ServedHost.ServeAsync(settings);
    case ["start"] or ["start", _]:
        await StartBench.RunAsync(Console.Out, published: args.ElementAtOrDefault(1));
        return 0;
    case ["micro"]:
        MicroBenchmarks.Run();
        return 0;
    case ["quasi"]:
        QuasiBench.Run(Console.Out);
        return 0;
    case ["bits"]:
        BitPrint.Write(Console.Out, Console.Error);
        return 0;
    case ["words", var order] when RandomWords.Orders.ContainsKey(order):
        // The console's own stream swallows a broken pipe, and would go on for ever.
        using (var output = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0))
        {
            RandomWords.Write(order, output);
        }

        return 0;
    default:
        Console.Error.WriteLine($"""
            usage: dotnet run -c Release --project tests/Scenarios.Benchmarks -- COMMAND

              peers [JSON]       speed, memory and latency beside what others would write, in one run; figures to a file too
              scaling [FOLDER]   how cost grows with what a scenario has more of; table and plot to a folder too
              readers            a thousand readers of one run, and two hundred runs at once: age of snapshots, processor time, memory
              overload           ten times what can be computed for 30 s: throughput, small requests, health, memory
              soak [MINUTES]     everything at once for 30 minutes: latencies, errors, memory; fails where a call ends INTERNAL or the service grows
              start [FOLDER]     how long the service takes to serve; beside the build, as published into a folder
              micro              parts of a run by themselves, by BenchmarkDotNet
              engine             speed of the engine beside a plain loop, in one run
              quasi              errors and times of quasi-random sampling beside plain sampling
              bits               hashes of finished projections: the same on every machine
              words ORDER        random words, without end, for a battery of tests to read; ORDER is one of
            {string.Join(Environment.NewLine, RandomWords.Orders.Select(order => $"                                     {order.Key,-12} {order.Value}"))}
            """);
        return 2;
}
