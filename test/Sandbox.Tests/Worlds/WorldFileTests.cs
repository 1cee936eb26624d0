using Sandbox.Worlds;
using Xunit;

namespace Sandbox.Tests.Worlds;

public sealed class WorldFileTests
{
    private static readonly string Example = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "world.example.yml"));

    [Fact]
    public void The_example_is_a_world()
    {
        var world = WorldFile.Parse(Example, "world.example.yml");

        var account = Assert.Single(world.Accounts);
        Assert.Equal("444444444444", account.Id);
        var role = Assert.Single(account.Roles);
        Assert.Equal(TimeSpan.FromHours(2), role.MaxSessionDuration);
        Assert.Contains("\"Action\":\"sts:AssumeRoleWithWebIdentity\"", role.TrustPolicy, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(2), Assert.Single(world.Behaviours).Behaviour.ExitAfter);
        Assert.Contains("\"cpu\":\"256\"", Assert.Single(Assert.Single(world.Clusters).Services).TaskDefinition, StringComparison.Ordinal);
        Assert.Equal("IMMUTABLE", Assert.Single(world.Repositories).Mutability);
    }

    [Fact]
    public async Task A_sandbox_starts_with_the_example()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { World = WorldFile.Parse(Example, "world.example.yml") }, TestContext.Current.CancellationToken);

        Assert.Contains("cluster/dev", sandbox.Ecs.Describe().ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_world_keeps_to_the_rules() => Assert.Null(WorldCheck.Fault(DefaultWorld.Create()));

    [Theory]
    [InlineData("region: eu-central-1", "regions: eu", "world.yml, line 2, column 10 (regions): ")]
    [InlineData("maxSessionDuration: 2h", "maxSessionDuration: 2 days", "world.yml, line 23, column 29 (accounts[0].roles[0].maxSessionDuration): '2 days' is no duration")]
    [InlineData("maxSessionDuration: 2h", "maxSessionDuration: 13h", "world.yml: The role deploy of the account 444444444444 has sessions of 13:00:00; there are 1 to 12 hours.")]
    [InlineData("- id: \"444444444444\"", "- id: 4444", "world.yml: The repository shop is in the account 444444444444, which is not in this world.")]
    [InlineData("Effect: Allow, Action: \"*\"", "Effect: Alow, Action: \"*\"", "world.yml: The user admin of the account 444444444444: a policy is wrong: Effect is 'Alow'")]
    [InlineData("\"444444444444\"", "4444", "world.yml: '4444' is no account id")]
    [InlineData("slug: acme", "slug: acme\n  slug: acme", "world.yml, line 5, column 3: ")]
    [InlineData("slug: acme", "slug: [acme", "world.yml is not YAML")]
    [InlineData("accountId: \"444444444444\", name", "accountId: \"555555555555\", name", "world.yml: The repository shop is in the account 555555555555, which is not in this world.")]
    [InlineData("AKIAEXAMPLEADMIN0001", "SHORT", "world.yml: The user admin of the account 444444444444 has the access key 'SHORT'")]
    [InlineData("        trustPolicy:\n", "        trust:\n", "world.yml, line ")]
    public void A_fault_is_told_with_its_place(string right, string wrong, string message)
    {
        Assert.Contains(right, Example, StringComparison.Ordinal);

        var error = Assert.Throws<FormatException>(() => WorldFile.Parse(Example.Replace(right, wrong, StringComparison.Ordinal), "world.yml"));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_is_no_world() => Assert.Throws<FormatException>(() => WorldFile.Parse("", "world.yml"));
}
