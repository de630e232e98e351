using Scenarios.Benchmarks;

switch (args)
{
    case ["engine"]:
        EngineBench.Run(Console.Out);
        return 0;
    case ["bits"]:
        BitPrint.Write(Console.Out, Console.Error);
        return 0;
    default:
        Console.Error.WriteLine("""
            usage: dotnet run -c Release --project tests/Scenarios.Benchmarks -- COMMAND

              engine   speed of the engine beside a plain loop, in one run
              bits     hashes of finished projections: the same on every machine
            """);
        return 2;
}
