using System.Diagnostics;
using System.Text;
using Sandbox.Worlds;

namespace Sandbox.Tests.Judges;

/// <summary>A registry that the judges' programs talk to: the sandbox's, or Debian's docker-registry as a control of the judgement itself.</summary>
internal sealed class JudgedRegistry : IAsyncDisposable
{
    public const string Sandbox = "the sandbox";
    public const string Control = "docker-registry";

    private SandboxServer? _sandbox;
    private Process? _control;

    /// <summary>Host and port.</summary>
    public required string Host { get; init; }

    /// <summary>What a push names it: the SDK knows ECR by its name and expects 201 to a PATCH from nobody else.</summary>
    public string Name { get; private init; } = "";

    public required string Password { get; init; }

    public static async Task<JudgedRegistry> StartAsync(string which, Judge judge, CancellationToken token) =>
        which == Control ? await StartControlAsync(judge, token) : await StartSandboxAsync(judge, token);

    /// <summary>Skopeo, logged in here.</summary>
    public ProcessStartInfo Skopeo(Judge judge, string verb, params IEnumerable<string> arguments)
    {
        judge.Write(".docker/config.json", LogIn());
        return judge.Command(Judge.Skopeo, ["--insecure-policy", verb, "--authfile", judge.PathOf(".docker/config.json"), .. arguments]);
    }

    /// <summary>Docker's own file of passwords, which the .NET SDK reads too.</summary>
    public string LogIn()
    {
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"AWS:{Password}"));
        return $$"""{"auths":{"{{Host}}":{"auth":"{{login}}"},"{{Name}}":{"auth":"{{login}}"} } }""";
    }

    public async ValueTask DisposeAsync()
    {
        if (_sandbox is not null)
        {
            await _sandbox.DisposeAsync();
        }

        if (_control is not null)
        {
            Child.Kill(_control);
            _control.Dispose();
        }
    }

    private static async Task<JudgedRegistry> StartSandboxAsync(Judge judge, CancellationToken token)
    {
        var world = DefaultWorld.Create();
        var sandbox = await SandboxServer.StartAsync(
            new SandboxOptions { World = world with { Repositories = [world.Repositories[0], world.Repositories[0] with { Name = "base" }] } },
            token);
        var cli = new AwsCli(judge, sandbox.Endpoint, sandbox.KeysOf($"arn:aws:iam::{DefaultWorld.Registry}:role/ecr-push"));
        var password = (await cli.RunAsync("ecr get-login-password", token)).Succeeded.Trim();
        return new JudgedRegistry { Host = sandbox.Endpoint.Authority, Name = $"{DefaultWorld.Registry}.dkr.ecr.eu-west-1.amazonaws.com", Password = password, _sandbox = sandbox };
    }

    private static async Task<JudgedRegistry> StartControlAsync(Judge judge, CancellationToken token)
    {
        const string Password = "control";
        var users = (await Child.RunAsync(judge.Command(Judge.Htpasswd, "-Bbn", "AWS", Password), token)).Succeeded;
        var settings = $$"""
            { "version": "0.1", "log": { "formatter": "text" }, "storage": { "filesystem": { "rootdirectory": "{{judge.PathOf("registry")}}" } },
              "http": { "addr": "127.0.0.1:0" }, "auth": { "htpasswd": { "realm": "control", "path": "{{judge.Write("users", users)}}" } } }
            """;
        var (control, line) = await Child.ServeAsync(judge.Command(Judge.DockerRegistry, "serve", judge.Write("registry.yml", settings)), "listening on ", token);
        var host = line[(line.IndexOf("listening on ", StringComparison.Ordinal) + "listening on ".Length)..].Split('"', ' ')[0];
        return new JudgedRegistry { Host = host, Name = host, Password = Password, _control = control };
    }
}
