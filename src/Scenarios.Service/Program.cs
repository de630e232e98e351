await using var app = Scenarios.Service.ScenariosHost.Build(args);
await app.RunAsync();
