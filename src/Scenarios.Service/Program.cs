return await Scenarios.Service.ScenariosHost.RunAsync(args);
