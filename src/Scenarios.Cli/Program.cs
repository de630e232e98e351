using Scenarios.Cli.Commands;
using Scenarios.Cli.Output;

return await CommandLine.RunAsync(args, Terminal.Open());
