namespace Sandbox.Worlds;

/// <summary>The roles of the default world, with policies as small as the work allows.</summary>
internal static class RolePolicies
{
    public const string Everything = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";

    private const string Ecr = $"arn:aws:ecr:*:{DefaultWorld.Registry}:repository/*";

    /// <summary>For the step, by its token, and for the deploy roles of the other accounts, by chain.</summary>
    public static Role EcrPush(Workspace workspace)
    {
        return new Role
        {
            Name = "ecr-push",
            TrustPolicy = Trust(DefaultWorld.Registry, workspace, $"{workspace.RepositoryUuid}:*", Deployers),
            IdentityPolicies =
            [
                Allow(
                    ("ecr:GetAuthorizationToken ecr:GetRegistryPolicy", "*"),
                    ("""
                     ecr:BatchCheckLayerAvailability ecr:GetDownloadUrlForLayer ecr:BatchGetImage ecr:InitiateLayerUpload ecr:UploadLayerPart
                     ecr:CompleteLayerUpload ecr:PutImage ecr:DescribeImages ecr:ListImages ecr:DescribeRepositories ecr:GetRepositoryPolicy
                     ecr:GetLifecyclePolicy ecr:DescribeImageScanFindings ecr:DescribeImageReplicationStatus ecr:CreateRepository
                     ecr:SetRepositoryPolicy ecr:PutLifecyclePolicy ecr:PutImageTagMutability ecr:PutImageScanningConfiguration
                     ecr:StartImageScan ecr:TagResource
                     """, Ecr)),
            ],
        };
    }

    public static Role EcrRead(Workspace workspace)
    {
        return new Role
        {
            Name = "ecr-read",
            TrustPolicy = Trust(DefaultWorld.Registry, workspace, $"{workspace.RepositoryUuid}:*", Deployers),
            IdentityPolicies =
            [
                Allow(
                    ("ecr:GetAuthorizationToken", "*"),
                    ("ecr:BatchGetImage ecr:GetDownloadUrlForLayer ecr:BatchCheckLayerAvailability ecr:DescribeImages ecr:ListImages ecr:DescribeRepositories", Ecr)),
            ],
        };
    }

    /// <summary>Only for steps of the repository that deploy to this environment: the token's subject names both.</summary>
    public static Role Deploy(Workspace workspace, string account, string environment)
    {
        return new Role
        {
            Name = "deploy",
            TrustPolicy = Trust(account, workspace, $"{workspace.RepositoryUuid}:{workspace.Environments[environment]}:*", ""),
            IdentityPolicies =
            [
                Allow(
                    ("""
                     ecs:DescribeTaskDefinition ecs:ListTaskDefinitions ecs:ListTaskDefinitionFamilies ecs:ListServices ecs:ListClusters
                     ecs:ListTasks ecs:DeregisterTaskDefinition ecr:GetAuthorizationToken
                     """, "*"),
                    ("""
                     ecs:DescribeClusters ecs:DescribeServices ecs:UpdateService ecs:RegisterTaskDefinition ecs:RunTask ecs:StopTask
                     ecs:DescribeTasks ecs:ListServiceDeployments ecs:DescribeServiceDeployments ecs:DescribeServiceRevisions
                     ecs:StopServiceDeployment ecs:ContinueServiceDeployment ecs:TagResource ecs:ListTagsForResource
                     """, $"arn:aws:ecs:*:{account}:*"),
                    ("logs:GetLogEvents logs:FilterLogEvents", $"arn:aws:logs:*:{account}:*"),
                    ("ecr:BatchGetImage ecr:GetDownloadUrlForLayer ecr:BatchCheckLayerAvailability ecr:DescribeImages ecr:ListImages ecr:DescribeRepositories", Ecr),
                    ("sts:AssumeRole", $"arn:aws:iam::{DefaultWorld.Registry}:role/ecr-*")),
                $$"""
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:PassRole",
                  "Resource":["arn:aws:iam::{{account}}:role/task","arn:aws:iam::{{account}}:role/task-execution"],
                  "Condition":{"StringEquals":{"iam:PassedToService":"ecs-tasks.amazonaws.com"} } }]}
                """,
            ],
        };
    }

    /// <summary>What Amazon's managed AmazonECSTaskExecutionRolePolicy allows (authorization.md 3).</summary>
    public static Role TaskExecution()
    {
        return new Role
        {
            Name = "task-execution",
            TrustPolicy = TasksMayAssume,
            IdentityPolicies =
            [
                Allow((
                    """
                    ecr:GetAuthorizationToken ecr:BatchCheckLayerAvailability ecr:GetDownloadUrlForLayer ecr:BatchGetImage
                    logs:CreateLogStream logs:PutLogEvents
                    """, "*")),
            ],
        };
    }

    /// <summary>A repository policy under which other accounts' roles may pull (ECR user guide, repository policy examples).</summary>
    public static string Pull(params IReadOnlyList<string> accounts)
    {
        var principals = string.Join("\",\"", accounts.Select(account => $"arn:aws:iam::{account}:root"));
        return $$"""
            {"Version":"2012-10-17","Statement":[{"Sid":"Pull","Effect":"Allow","Principal":{"AWS":["{{principals}}"]},
              "Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer","ecr:BatchCheckLayerAvailability","ecr:DescribeImages","ecr:ListImages","ecr:DescribeRepositories"]}]}
            """;
    }

    /// <summary>What the app itself may do: nothing.</summary>
    public static Role Task() => new() { Name = "task", TrustPolicy = TasksMayAssume };

    private const string TasksMayAssume =
        """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";

    private const string Deployers =
        $$"""
        ,{"Effect":"Allow","Action":"sts:AssumeRole",
          "Principal":{"AWS":["arn:aws:iam::{{DefaultWorld.Dev}}:role/deploy","arn:aws:iam::{{DefaultWorld.Production}}:role/deploy"]} }
        """;

    /// <summary>Bitbucket's tokens whose subject matches, and what <paramref name="others"/> adds.</summary>
    private static string Trust(string account, Workspace workspace, string subject, string others)
    {
        return $$$"""
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity",
              "Principal":{"Federated":"arn:aws:iam::{{{account}}}:oidc-provider/{{{DefaultWorld.Issuer}}}"},
              "Condition":{
                "StringEquals":{"{{{DefaultWorld.Issuer}}}:aud":"ari:cloud:bitbucket::workspace/{{{workspace.Uuid}}}"},
                "StringLike":{"{{{DefaultWorld.Issuer}}}:sub":"{{{subject}}}"} } }{{{others}}}]}
            """;
    }

    /// <summary>One statement for each pair of actions, parted by blanks, and resource.</summary>
    private static string Allow(params IReadOnlyList<(string Actions, string Resource)> statements)
    {
        var texts = statements.Select(statement =>
        {
            var actions = string.Join("\",\"", statement.Actions.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));
            return $$"""{"Effect":"Allow","Action":["{{actions}}"],"Resource":"{{statement.Resource}}"}""";
        });
        return $$"""{"Version":"2012-10-17","Statement":[{{string.Join(',', texts)}}]}""";
    }
}
