using Sandbox.Facts;
using Xunit;

namespace Sandbox.Tests.Facts;

/// <summary>The committed facts against Amazon's models. With WRITE_FACTS=1 the tests write the files anew instead.</summary>
public sealed class FactsFileTests
{
    [Theory]
    [InlineData("ecs")]
    [InlineData("ecr")]
    [InlineData("logs")]
    [InlineData("sts")]
    public void The_compact_form_says_what_the_model_says(string service)
    {
        var compact = ModelFacts.Compact(Models.Read(service), PlayedOperations.Of(service));

        var file = Path.Combine(Models.Root(), "test", "Sandbox", "Facts", $"{service}.facts");
        if (Environment.GetEnvironmentVariable("WRITE_FACTS") == "1")
        {
            File.WriteAllText(file, compact);
        }

        Assert.Equal(compact, File.ReadAllText(file));
    }

    [Theory]
    [InlineData("ecs")]
    [InlineData("ecr")]
    [InlineData("logs")]
    [InlineData("sts")]
    public void Reading_the_compact_form_loses_nothing(string service)
    {
        var model = new ModelFacts(Models.Read(service)).Of(PlayedOperations.Of(service));

        var read = ApiFacts.Find(service)!;

        Assert.Equivalent(model.Operations, read.Operations, strict: true);
        Assert.Equivalent(model.Shapes, read.Shapes, strict: true);
    }

    [Theory]
    [InlineData("ecs")]
    [InlineData("ecr")]
    [InlineData("logs")]
    [InlineData("sts")]
    public void Every_operation_and_shape_can_be_followed_to_its_end(string service)
    {
        var facts = ApiFacts.Find(service)!;

        Assert.Equal(PlayedOperations.Of(service).Order(StringComparer.Ordinal), facts.Operations.Keys.Order(StringComparer.Ordinal));
        foreach (var name in facts.Shapes.Values.SelectMany(shape => shape.Members.Select(member => member.Shape).Append(shape.Element).Append(shape.Key)).OfType<string>())
        {
            Assert.NotNull(facts[name]);
        }
    }
}
