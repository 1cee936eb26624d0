using System.Text.Json.Nodes;
using Sandbox.Worlds;
using Xunit;

namespace Sandbox.Tests.Judges;

/// <summary>Skopeo copies images in and out; what goes in comes out byte for byte.</summary>
public sealed class SkopeoJudgeTests : IDisposable
{
    private readonly Judge _judge = new(Judge.Skopeo, Judge.Aws, Judge.DockerRegistry, Judge.Htpasswd);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _judge.Dispose();

    [Theory]
    [InlineData(JudgedRegistry.Sandbox)]
    [InlineData(JudgedRegistry.Control)]
    public async Task What_skopeo_copies_in_comes_out_byte_for_byte(string which)
    {
        await using var registry = await JudgedRegistry.StartAsync(which, _judge, Token);
        var layout = new ImageLayout(_judge.PathOf("in"));
        var digest = layout.Add("1", 20_000, 11_000_000, 0);

        await RunAsync(registry, "copy", "--dest-tls-verify=false", $"oci:{layout.Folder}:1", $"docker://{registry.Host}/shop:1");
        await RunAsync(registry, "copy", "--src-tls-verify=false", $"docker://{registry.Host}/shop@{digest}", $"oci:{_judge.PathOf("out")}:1");
        var inspected = JsonNode.Parse(await RunAsync(registry, "inspect", "--tls-verify=false", $"docker://{registry.Host}/shop:1"))!;

        Assert.Equal(digest, (string?)inspected["Digest"]);
        Assert.Equal(["1"], inspected["RepoTags"]!.AsArray().Select(tag => (string?)tag));
        Assert.Equal(Blobs("in").Keys.Order(StringComparer.Ordinal), Blobs("out").Keys.Order(StringComparer.Ordinal));
        Assert.All(Blobs("in"), blob => Assert.Equal(blob.Value, Blobs("out")[blob.Key]));
    }

    [Fact]
    public async Task Another_accounts_role_copies_out_where_the_policy_allows_and_is_refused_where_not()
    {
        var world = DefaultWorld.Create();
        var repositories = new[] { world.Repositories[0] with { SampleTags = ["1"] }, new RepositorySeed { AccountId = DefaultWorld.Registry, Name = "private", SampleTags = ["1"] } };
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { World = world with { Repositories = repositories } }, Token);
        var cli = new AwsCli(_judge, sandbox.Endpoint, sandbox.KeysOf($"arn:aws:iam::{DefaultWorld.Dev}:role/deploy"));
        await using var registry = new JudgedRegistry { Host = sandbox.Endpoint.Authority, Password = (await cli.RunAsync("ecr get-login-password", Token)).Succeeded.Trim() };

        await RunAsync(registry, "copy", "--src-tls-verify=false", $"docker://{registry.Host}/shop:1", $"oci:{_judge.PathOf("out")}:1");
        var read = await RefusalAsync(registry, "copy", "--src-tls-verify=false", $"docker://{registry.Host}/private:1", $"oci:{_judge.PathOf("no")}:1");
        var written = await RefusalAsync(registry, "copy", "--dest-tls-verify=false", $"oci:{_judge.PathOf("out")}:1", $"docker://{registry.Host}/shop:2");

        Assert.Contains($"User: arn:aws:sts::{DefaultWorld.Dev}:assumed-role/deploy/", read, StringComparison.Ordinal);
        Assert.Contains("is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:eu-west-1:111111111111:repository/private because no resource-based policy allows the ecr:BatchGetImage action", read, StringComparison.Ordinal);
        Assert.Contains("is not authorized to perform: ecr:", written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_account_pushes_only_where_the_repository_policy_lets_it()
    {
        // ECR user guide, repository policies: across accounts identity and repository policy must both allow.
        const string Actions = """["ecr:BatchCheckLayerAvailability","ecr:BatchGetImage","ecr:CompleteLayerUpload","ecr:InitiateLayerUpload","ecr:PutImage","ecr:UploadLayerPart"]""";
        var policy = $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{{DefaultWorld.Dev}}:root"},"Action":{{Actions}} }]}""";
        var world = DefaultWorld.Create();
        var open = new RepositorySeed { AccountId = DefaultWorld.Registry, Name = "open", Policy = policy };
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { World = world with { Repositories = [world.Repositories[0], open] } }, Token);
        var cli = new AwsCli(_judge, sandbox.Endpoint, sandbox.KeysOf($"arn:aws:iam::{DefaultWorld.Dev}:user/admin"));
        await using var registry = new JudgedRegistry { Host = sandbox.Endpoint.Authority, Password = (await cli.RunAsync("ecr get-login-password", Token)).Succeeded.Trim() };
        var layout = new ImageLayout(_judge.PathOf("in"));
        var digest = layout.Add("1", 1000);

        await RunAsync(registry, "copy", "--dest-tls-verify=false", $"oci:{layout.Folder}:1", $"docker://{registry.Host}/open:1");
        var refusal = await RefusalAsync(registry, "copy", "--dest-tls-verify=false", $"oci:{layout.Folder}:1", $"docker://{registry.Host}/shop:1");

        Assert.NotNull(sandbox.Registries.Of(DefaultWorld.Registry, "eu-west-1").Get("open").Find(digest));
        Assert.Contains($"User: arn:aws:iam::{DefaultWorld.Dev}:user/admin is not authorized to perform: ecr:", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_and_a_missing_repository_are_refused()
    {
        await using var registry = await JudgedRegistry.StartAsync(JudgedRegistry.Sandbox, _judge, Token);
        await using var stranger = new JudgedRegistry { Host = registry.Host, Password = "guessed" };

        Assert.Contains("unauthorized", await RefusalAsync(stranger, "inspect", "--tls-verify=false", $"docker://{registry.Host}/shop:1"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("does not exist in the registry with id '111111111111'", await RefusalAsync(registry, "inspect", "--tls-verify=false", $"docker://{registry.Host}/missing:1"), StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(JudgedRegistry registry, string verb, params string[] arguments) =>
        (await Child.RunAsync(registry.Skopeo(_judge, verb, arguments), Token)).Succeeded;

    private async Task<string> RefusalAsync(JudgedRegistry registry, string verb, params string[] arguments)
    {
        var result = await Child.RunAsync(registry.Skopeo(_judge, verb, arguments), Token);
        Assert.NotEqual(0, result.Code);
        return result.Error;
    }

    private Dictionary<string, byte[]> Blobs(string folder) =>
        Directory.EnumerateFiles(_judge.PathOf($"{folder}/blobs/sha256")).ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);
}
