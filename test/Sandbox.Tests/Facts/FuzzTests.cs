using System.Text.Json.Nodes;
using Sandbox.Facts;
using Sandbox.Wire;
using Xunit;

namespace Sandbox.Tests.Facts;

/// <summary>Whatever comes in, checking ends with a report or with an AWS error.</summary>
public sealed class FuzzTests
{
    private const int Rounds = 400;

    [Theory]
    [InlineData("ecs")]
    [InlineData("ecr")]
    [InlineData("logs")]
    [InlineData("sts")]
    public void Any_json_is_either_accepted_or_refused_with_an_error_of_the_service(string service)
    {
        var facts = ApiFacts.Find(service)!;
        var random = new Random(4711);
        var accepted = 0;
        foreach (var operation in facts.Operations.Values)
        {
            for (var round = 0; round < Rounds; round++)
            {
                var input = new Fuzz(facts, random, round % 4 == 0 ? 0 : 5).Make(operation.Input!, 0) as JsonObject ?? [];
                accepted += Accepted(service, operation.Name, input) ? 1 : 0;
            }
        }

        // Inputs made without spoiling are mostly good: a check that refuses everything would not be noticed otherwise.
        Assert.InRange(accepted, facts.Operations.Count * Rounds / 20, facts.Operations.Count * Rounds);
    }

    [Fact]
    public void A_hostile_repository_name_does_not_take_exponential_time()
    {
        var input = new JsonObject { ["repositoryName"] = string.Concat(Enumerable.Repeat("a", 250)) + "!" };

        Assert.Throws<ApiException>(() => ApiFacts.Check("ecr", "DescribeImages", input));
    }

    private static bool Accepted(string service, string operation, JsonObject input)
    {
        try
        {
            ApiFacts.Check(service, operation, input);
            return true;
        }
        catch (ApiException refusal)
        {
            Assert.Equal(400, refusal.Status);
            Assert.NotEmpty(refusal.Message);
            return false;
        }
    }
}
