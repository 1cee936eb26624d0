using System.Text.Json.Nodes;
using Sandbox.Bitbucket;
using Sandbox.Worlds;
using Xunit;

namespace Sandbox.Tests.Judges;

/// <summary>The AWS CLI takes roles and reads across accounts, and is refused where it must be.</summary>
public sealed class IdentityJudgeTests : IAsyncLifetime
{
    private readonly Judge _judge = new(Judge.Aws);
    private SandboxServer _sandbox = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var world = DefaultWorld.Create();
        _sandbox = await SandboxServer.StartAsync(new SandboxOptions { World = world with { Repositories = [world.Repositories[0] with { SampleTags = ["1"] }] } }, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _judge.Dispose();
    }

    [Fact]
    public async Task The_cli_takes_a_role_by_web_identity_and_another_accounts_role_from_there()
    {
        var nobody = new AwsCli(_judge, _sandbox.Endpoint, new AccessKeys("none", "none", null));

        var taken = await nobody.JsonAsync($"sts assume-role-with-web-identity --role-arn arn:aws:iam::{DefaultWorld.Dev}:role/deploy --role-session-name step --web-identity-token", [_sandbox.OidcToken(new OidcTokenRequest())], Token);
        var deploy = new AwsCli(_judge, _sandbox.Endpoint, Keys(taken));
        var identity = await deploy.JsonAsync("sts get-caller-identity", Token);
        var chained = await deploy.JsonAsync($"sts assume-role --role-arn arn:aws:iam::{DefaultWorld.Registry}:role/ecr-read --role-session-name chained", Token);
        var elsewhere = await new AwsCli(_judge, _sandbox.Endpoint, Keys(chained)).JsonAsync("sts get-caller-identity", Token);

        Assert.Equal($"arn:aws:sts::{DefaultWorld.Dev}:assumed-role/deploy/step", (string?)identity["Arn"]);
        Assert.Equal((DefaultWorld.Registry, $"arn:aws:sts::{DefaultWorld.Registry}:assumed-role/ecr-read/chained"), ((string?)elsewhere["Account"], (string?)elsewhere["Arn"]));
    }

    [Fact]
    public async Task The_cli_is_refused_a_role_that_does_not_trust_the_step()
    {
        var nobody = new AwsCli(_judge, _sandbox.Endpoint, new AccessKeys("none", "none", null));

        var refusal = await nobody.RefusalAsync($"sts assume-role-with-web-identity --role-arn arn:aws:iam::{DefaultWorld.Production}:role/deploy --role-session-name step --web-identity-token {_sandbox.OidcToken(new OidcTokenRequest())}", Token);

        Assert.Equal("An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity", refusal.Trim());
    }

    [Fact]
    public async Task The_cli_reads_another_accounts_repository_and_is_refused_what_its_policy_does_not_say()
    {
        var deploy = new AwsCli(_judge, _sandbox.Endpoint, _sandbox.KeysOf($"arn:aws:iam::{DefaultWorld.Dev}:role/deploy"));

        var images = await deploy.JsonAsync($"ecr describe-images --registry-id {DefaultWorld.Registry} --repository-name shop", Token);
        var batch = await deploy.JsonAsync($"ecr batch-get-image --registry-id {DefaultWorld.Registry} --repository-name shop --image-ids imageTag=1", Token);
        var refusal = await deploy.RefusalAsync($"ecr delete-repository --registry-id {DefaultWorld.Registry} --repository-name shop", Token);
        var own = await deploy.RefusalAsync("ecr describe-images --repository-name shop", Token);

        Assert.Equal("1", (string?)images["imageDetails"]![0]!["imageTags"]![0]);
        Assert.Equal((string?)images["imageDetails"]![0]!["imageDigest"], (string?)batch["images"]![0]!["imageId"]!["imageDigest"]);
        Assert.Contains("(AccessDeniedException)", refusal, StringComparison.Ordinal);
        Assert.Contains("is not authorized to perform: ecr:DeleteRepository on resource: arn:aws:ecr:eu-west-1:111111111111:repository/shop", refusal, StringComparison.Ordinal);
        // Forgetting the registry's id asks one's own registry.
        Assert.DoesNotContain(DefaultWorld.Registry, own, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_does_not_fit_is_refused_as_a_signature()
    {
        var keys = _sandbox.KeysOf($"arn:aws:iam::{DefaultWorld.Dev}:user/admin");
        var cli = new AwsCli(_judge, _sandbox.Endpoint, keys with { SecretAccessKey = new string('z', 40) });

        Assert.Contains("(InvalidSignatureException)", await cli.RefusalAsync("ecr describe-repositories", Token), StringComparison.Ordinal);
        Assert.Contains("(SignatureDoesNotMatch)", await cli.RefusalAsync("sts get-caller-identity", Token), StringComparison.Ordinal);
    }

    private static AccessKeys Keys(JsonObject answer)
    {
        var keys = answer["Credentials"]!;
        return new AccessKeys((string)keys["AccessKeyId"]!, (string)keys["SecretAccessKey"]!, (string)keys["SessionToken"]!);
    }
}
