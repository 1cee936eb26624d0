using System.Text.Json.Nodes;
using Sandbox.Tests.Facts;
using Sandbox.Time;
using Sandbox.Worlds;
using Xunit;

namespace Sandbox.Tests.Judges;

/// <summary>Python's boto3 calls every operation once; what it drops of an answer is a member that its model does not know.</summary>
public sealed class BotoJudgeTests
{
    /// <summary>The first takes a token of the issuer, which the command line's judge brings; the second a deployment that a hook has paused.</summary>
    private static readonly string[] JudgedElsewhere = ["sts:AssumeRoleWithWebIdentity", "ecs:ContinueServiceDeployment"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_operation_is_answered_and_parsed_without_loss()
    {
        using var judge = new Judge(Judge.Python);
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { World = World(), Clock = new ScaledClock(200) }, Token);
        var script = judge.Write("boto.py", await File.ReadAllTextAsync(Path.Combine(Models.Root(), "test", "Sandbox.Tests", "Judges", "boto.py"), Token));
        var command = judge.Command(Judge.Python, script, sandbox.Endpoint.ToString(), string.Join(',', sandbox.Operations), Keys(sandbox, "registry", DefaultWorld.Registry), Keys(sandbox, "dev", DefaultWorld.Dev));
        command.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
        command.Environment["AWS_DATA_PATH"] = NewerModels(judge);

        var report = (await Child.RunAsync(command, Token)).Succeeded.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();

        Assert.Empty(report.Where(line => line["error"] is not null).Select(line => $"{line["operation"]}: {line["error"]}"));
        // Debian's own models are of 2022: only with the newer ones must nothing be lost.
        if (Models.Folder is not null)
        {
            Assert.Empty(sandbox.Operations.Except(report.Select(line => (string)line["operation"]!)).Except(JudgedElsewhere));
            Assert.Empty(report.SelectMany(line => line["lost"]!.AsArray().Select(member => $"{line["operation"]}: {member}")));

        }
    }

    /// <summary>Dev has a role that its own user may take.</summary>
    private static World World()
    {
        var world = DefaultWorld.Create();
        var judged = new Role
        {
            Name = "judged",
            TrustPolicy = $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"arn:aws:iam::{{DefaultWorld.Dev}}:user/admin"} }]}""",
        };
        return world with
        {
            Accounts = [.. world.Accounts.Select(account => account.Id == DefaultWorld.Dev ? account with { Roles = [.. account.Roles, judged] } : account)],
            Repositories = [world.Repositories[0] with { SampleTags = ["1"] }],
        };
    }

    private static string Keys(SandboxServer sandbox, string name, string account)
    {
        var keys = sandbox.KeysOf($"arn:aws:iam::{account}:user/admin");
        return $"{name}={account}:{keys.AccessKeyId}:{keys.SecretAccessKey}:{keys.SessionToken}";
    }

    /// <summary>A data folder with Amazon's models of today, where they lie beside the project; an empty one otherwise.</summary>
    private static string NewerModels(Judge judge)
    {
        foreach (var (service, version) in Models.Folder is null ? [] : new[] { ("ecs", "2014-11-13"), ("ecr", "2015-09-21"), ("sts", "2011-06-15"), ("logs", "2014-03-28") })
        {
            judge.Write($"data/{service}/{version}/service-2.json", File.ReadAllText(Path.Combine(Models.Folder!, $"{service}.service-2.json")));
        }

        return judge.PathOf("data");
    }
}
