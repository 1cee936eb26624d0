using EcsDeploy.Ecs;
using EcsDeploy.Settings;
using Xunit;

namespace Pipe.Tests.Ecs;

/// <summary>A newer revision is warned about when somebody else made it; tags alone do not make it ours, since copies carry them too.</summary>
public sealed class LeftOutTests
{
    private const string Role = "arn:aws:sts::222222222222:assumed-role/deploy/";
    private const string Jo = "arn:aws:iam::222222222222:user/jo";

    [Theory]
    [InlineData(Role + "shop-12", "12", Jo, null, false)]
    [InlineData(Role + "shop-13", "12", Role + "shop-12", "12", true)]
    [InlineData(Jo, "12", Role + "shop-12", "12", true)]
    [InlineData(Jo, null, Jo, null, true)]
    [InlineData(Jo, "13", Jo, "12", false)]
    [InlineData(Jo, "13", Jo, null, true)]
    public void Whoever_registered_it(string by, string? build, string liveBy, string? liveBuild, bool warned)
    {
        var plan = new TaskDefinitionPlan
        {
            Settings = Some.Settings,
            Live = Revision(7, liveBy, liveBuild, "256"),
            Base = Revision(7, liveBy, liveBuild, "256"),
            Newest = Revision(8, by, build, "512"),
            Containers = ["web"],
        };

        var leftOut = plan.LeftOut(plan.With(Some.Image, Some.Stamps));

        Assert.Equal(warned ? ["cpu: 256 → 512"] : [], leftOut);
    }

    [Fact]
    public void Nothing_is_left_out_of_what_starts_from_the_newest()
    {
        var newest = Revision(8, Jo, null, "512");
        var plan = new TaskDefinitionPlan
        {
            Settings = Some.Settings with { TaskDefinition = new TaskDefinitionSource.Family("web") },
            Live = Revision(7, Jo, null, "256"),
            Base = newest,
            Newest = newest,
            Containers = ["web"],
        };

        Assert.Empty(plan.LeftOut(plan.With(Some.Image, Some.Stamps)));
    }

    private static TaskDefinition Revision(int revision, string by, string? build, string cpu)
    {
        var json = (System.Text.Json.Nodes.JsonObject)Some.Answer["taskDefinition"]!.DeepClone();
        (json["revision"], json["registeredBy"], json["cpu"]) = (revision, by, cpu);
        json["taskDefinitionArn"] = $"arn:aws:ecs:eu-west-1:222222222222:task-definition/web:{revision}";
        return new TaskDefinition(json, build is null ? [] : [new("build", build)]);
    }
}
