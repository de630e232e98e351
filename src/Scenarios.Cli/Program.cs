using Scenarios.Cli.Commands;
using Scenarios.Cli.Output;
using Scenarios.Service.Start;

if (args is [ServeCommand.Name, ..])
{
    StopSignals.Watch(); // Before anything else: a signal that comes while the command line is read would kill the process.
}

return await CommandLine.RunAsync(args, Terminal.Open());
