using EcsDeploy.Settings;

namespace Pipe.Tests.Settings;

/// <summary>A step's environment that is right for an action, to be varied.</summary>
internal static class Given
{
    public const string Repository = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop";

    public static Dictionary<string, string> For(string action = "deploy")
    {
        var environment = new Dictionary<string, string>
        {
            ["BITBUCKET_COMMIT"] = "0123456789abcdef0123456789abcdef01234567",
            ["BITBUCKET_REPO_SLUG"] = "shop",
            ["BITBUCKET_BUILD_NUMBER"] = "7",
            ["BITBUCKET_CLONE_DIR"] = "/clone",
            ["BITBUCKET_STEP_OIDC_TOKEN"] = "head.body.signature",
            ["PATH"] = "/usr/bin",
            ["ACTION"] = action,
            ["ECR_REPOSITORY"] = Repository,
            ["ECR_ROLE_ARN"] = "arn:aws:iam::111111111111:role/push",
            ["DEPLOY_ROLE_ARN"] = "arn:aws:iam::222222222222:role/deploy",
        };
        if (action is not ("push" or "setup"))
        {
            (environment["CLUSTER_NAME"], environment["SERVICE_NAME"]) = ("dev", "api");
        }

        return environment;
    }

    /// <summary>With changes as "NAME=value", "NAME=" for blank, "-NAME" for not there.</summary>
    public static Dictionary<string, string> With(params IEnumerable<string> changes) => For().Changed(changes);

    public static Dictionary<string, string> Changed(this Dictionary<string, string> environment, params IEnumerable<string> changes)
    {
        foreach (var change in changes)
        {
            if (change[0] == '-')
            {
                environment.Remove(change[1..]);
            }
            else
            {
                var parts = change.Split('=', 2);
                environment[parts[0]] = parts[1];
            }
        }

        return environment;
    }

    public static PipeSettings Read(this Dictionary<string, string> environment) => SettingsReader.Read(environment, "/work", null);

    public static IReadOnlyList<string> Faults(this Dictionary<string, string> environment)
    {
        try
        {
            environment.Read();
            return [];
        }
        catch (InvalidSettingsException faults)
        {
            return faults.Faults;
        }
    }
}
