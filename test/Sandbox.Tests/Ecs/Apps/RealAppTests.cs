using System.Diagnostics;
using System.Text.Json.Nodes;
using Sandbox.Ecs;
using Sandbox.Time;
using Xunit;

namespace Sandbox.Tests.Ecs.Apps;

/// <summary>Tasks that really run.</summary>
public sealed class RealAppTests : IDisposable
{
    private const string Project = """<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net10.0</TargetFramework><UseAppHost>false</UseAppHost><ImplicitUsings>enable</ImplicitUsings></PropertyGroup></Project>""";
    private const string Source =
        """
        var app = WebApplication.Create(args);
        app.MapGet("/", () => "hello from " + Environment.GetEnvironmentVariable("NAME"));
        app.MapGet("/health", () => "ok");
        app.Run();
        """;

    private readonly Layers _layers = new();

    public void Dispose() => _layers.Dispose();

    [Fact]
    public async Task An_ASPNET_app_is_started_from_its_image_answers_and_is_stopped()
    {
        using var bench = Bench();
        await PublishAsync();
        bench.Shelf.Instead[Ecs.Bench.Image] = Layers.Image("""{"Entrypoint":["dotnet","/app/web.dll"],"WorkingDir":"/app","Env":["NAME=image","ASPNETCORE_HTTP_PORTS=8080"]}""", _layers.Layer(Path.Combine(_layers.Folder, "out"), "app"));
        await bench.StartAsync(1, definition: Ecs.Bench.Definition(more: ""","environment":[{"name":"NAME","value":"ECS"}],"healthCheck":{"command":["CMD-SHELL","curl -f http://localhost:8080/health || exit 1"],"interval":5}"""));

        var endpoint = await UntilAsync(bench, () => Endpoint(bench));
        using var http = new HttpClient();
        Assert.Equal("hello from ECS", await http.GetStringAsync(new Uri(endpoint), TestContext.Current.CancellationToken));

        await bench.CallAsync("UpdateService", """{"cluster":"dev","service":"web","desiredCount":0}""");
        var stopped = await UntilAsync(bench, () => StoppedAsync(bench));
        Assert.Equal(0, (int)stopped["containers"]![0]!["exitCode"]!);
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync(new Uri(endpoint), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("echo out; echo err >&2; exit 7", 7)]
    [InlineData("kill -KILL $$", 137)]
    [InlineData("case $TMPDIR in */apps-??????/tmp) touch $TMPDIR/left && exit 5;; esac", 5)]
    public async Task A_script_runs_to_its_own_end(string script, int code)
    {
        using var bench = Bench();
        bench.Shelf.Instead[Ecs.Bench.Image] = Layers.Image(
            """{"Entrypoint":["/run.sh"]}""",
            _layers.Layer(Layers.File("run.sh", $"#!/bin/sh\n{script}\n", UnixFileMode.UserRead | UnixFileMode.UserExecute)));
        await bench.StartAsync(1, definition: Ecs.Bench.Definition().Replace(",\"portMappings\":[{\"containerPort\":8080}]", "", StringComparison.Ordinal));
        var task = await UntilAsync(bench, () => StoppedAsync(bench));
        Assert.Equal(code, (int)task["containers"]![0]!["exitCode"]!);
    }

    [Fact]
    public async Task A_program_that_is_not_there_cannot_be_started()
    {
        using var bench = Bench();
        bench.Shelf.Instead[Ecs.Bench.Image] = Layers.Image("""{"Entrypoint":["/nothing"]}""", _layers.Layer(Layers.File("x", "")));
        await bench.StartAsync(1);
        var task = await UntilAsync(bench, () => StoppedAsync(bench));
        Assert.StartsWith("CannotStartContainerError: ", (string)task["stoppedReason"]!, StringComparison.Ordinal);
        Assert.Contains("executable file not found", (string)task["containers"]![0]!["reason"]!, StringComparison.Ordinal);
    }

    private static async Task<JsonObject?> StoppedAsync(Bench bench) =>
        (await bench.TasksAsync("STOPPED")) is [var task, ..] && (string)task["lastStatus"]! == "STOPPED" ? task : null;

    private static string? Endpoint(Bench bench)
    {
        var tasks = bench.Service.Describe()["clusters"]![0]!["services"]![0]!["tasks"]!.AsArray();
        return tasks.Select(task => task!["containers"]![0]!).Where(container => (string?)container["health"] == "HEALTHY").Select(container => (string?)container["endpoint"]).FirstOrDefault();
    }

    private static Bench Bench() => new(new EcsOptions { Throttling = false, RunApps = true }, new ScaledClock(20));

    private async Task PublishAsync()
    {
        var source = Directory.CreateDirectory(Path.Combine(_layers.Folder, "source")).FullName;
        await File.WriteAllTextAsync(Path.Combine(source, "web.csproj"), Project, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(source, "Program.cs"), Source, TestContext.Current.CancellationToken);
        var start = new ProcessStartInfo("dotnet", ["publish", source, "-o", Path.Combine(_layers.Folder, "out"), "-v", "q", "--nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false"]) { RedirectStandardOutput = true };
        using var publish = Process.Start(start)!;
        var output = await publish.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await publish.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(publish.ExitCode == 0, output);
    }

    private static Task<T> UntilAsync<T>(Bench bench, Func<T?> find)
        where T : class => UntilAsync(bench, () => Task.FromResult(find()));

    private static async Task<T> UntilAsync<T>(Bench bench, Func<Task<T?>> find)
        where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        while (true)
        {
            if (await find() is { } found)
            {
                return found;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), bench.Time, limit.Token);
        }
    }
}
