using Sandbox;
using Sandbox.Bitbucket;
using Sandbox.Worlds;

namespace Pipe.Tests.Pipe;

/// <summary>A deployment step as Bitbucket starts it, in the sandbox's world.</summary>
internal static class Step
{
    public const string Repository = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop";

    private const string Base = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/base/aspnet:10.0";

    /// <summary>The default world, with a base image in the registry account.</summary>
    public static World World
    {
        get
        {
            var world = DefaultWorld.Create();
            return world with { Repositories = [.. world.Repositories, new RepositorySeed { AccountId = DefaultWorld.Registry, Name = "base/aspnet", SampleTags = ["10.0"] }] };
        }
    }

    /// <summary>Deploys the app that lies published in the clone.</summary>
    public static Dictionary<string, string> Deploy(SandboxServer sandbox, string clone, string environment, int build) => new(Variables(sandbox, clone, environment, build))
    {
        ["ACTION"] = "deploy",
        ["PUBLISH_DIR"] = "published",
        ["BASE_IMAGE"] = Base,
    };

    /// <summary>What Bitbucket gives a pipe in a deployment step, and the variables of the README's example.</summary>
    public static Dictionary<string, string> Variables(SandboxServer sandbox, string clone, string environment, int build) => new()
    {
        ["CI"] = "true",
        ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "",
        ["HOME"] = Environment.GetEnvironmentVariable("HOME") ?? "",
        ["BITBUCKET_BUILD_NUMBER"] = $"{build}",
        ["BITBUCKET_CLONE_DIR"] = clone,
        ["BITBUCKET_COMMIT"] = $"{build:d40}",
        ["BITBUCKET_WORKSPACE"] = "acme",
        ["BITBUCKET_REPO_SLUG"] = "shop",
        ["BITBUCKET_BRANCH"] = "main",
        ["BITBUCKET_DEPLOYMENT_ENVIRONMENT"] = environment,
        ["BITBUCKET_STEP_OIDC_TOKEN"] = sandbox.OidcToken(new OidcTokenRequest { Environment = environment }),
        ["AWS_ENDPOINT_URL"] = sandbox.Endpoint.AbsoluteUri,
        ["ECR_REPOSITORY"] = Repository,
        ["ECR_ROLE_ARN"] = $"arn:aws:iam::{DefaultWorld.Registry}:role/ecr-push",
        ["DEPLOY_ROLE_ARN"] = $"arn:aws:iam::{(environment == "production" ? DefaultWorld.Production : DefaultWorld.Dev)}:role/deploy",
        ["CLUSTER_NAME"] = environment,
        ["SERVICE_NAME"] = "shop",
        ["CONTAINER_NAME"] = "shop",
        ["REPORT"] = "false",
    };
}
