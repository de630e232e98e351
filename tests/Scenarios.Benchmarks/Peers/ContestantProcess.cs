namespace Scenarios.Benchmarks.Peers;

/// <summary>
/// A contestant's side of the conversation, the same in every language: it says "ready", then answers each line
/// "run PATHS SEED" or "first PATHS SEED" with a line of JSON.
/// </summary>
internal static class ContestantProcess
{
    public static async Task<int> ServeAsync(string name, int threads, string caseId)
    {
        var peerCase = PeerCase.All.Single(c => c.Id == caseId);
        await using IContestant contestant = name switch
        {
            "engine" => new EngineContestant(peerCase, threads),
            "service" => await ServiceContestant.StartAsync(peerCase, threads),
            "mathnet" => new MathNetLoop(peerCase),
            _ => throw new ArgumentException($"No contestant is named {name}.", nameof(name)),
        };
        Console.WriteLine("ready");
        while (Console.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            var answer = words[0] == "first"
                ? await contestant.FirstAsync(int.Parse(words[2]))
                : await contestant.RunAsync(long.Parse(words[1]), int.Parse(words[2]));
            Console.WriteLine(answer.Write());
        }

        return 0;
    }
}
