using Sandbox;

await using var server = await SandboxServer.StartAsync(new SandboxOptions { Port = 18080 }, CancellationToken.None);
Console.WriteLine(server.Endpoint);
await Task.Delay(Timeout.Infinite);
return 0;
