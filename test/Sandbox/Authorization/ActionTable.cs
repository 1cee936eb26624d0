namespace Sandbox.Authorization;

/// <summary>
/// Which actions there are, on what kinds of resources each is authorized, and which condition keys its request carries; from the Service
/// Authorization Reference as authorization.md 1.2 to 1.5 has it. What is not here is refused, even to someone who may do everything.
/// </summary>
internal static class ActionTable
{
    /// <summary>ARN forms: authorization.md 1.1, in any partition.</summary>
    private static readonly Dictionary<string, string> Resources = new(StringComparer.Ordinal)
    {
        ["*"] = "*",
        ["cluster"] = "arn:aws*:ecs:?*:?*:cluster/?*",
        ["service"] = "arn:aws*:ecs:?*:?*:service/?*",
        ["task"] = "arn:aws*:ecs:?*:?*:task/?*",
        ["task-definition"] = "arn:aws*:ecs:?*:?*:task-definition/?*",
        ["container-instance"] = "arn:aws*:ecs:?*:?*:container-instance/?*",
        ["service-deployment"] = "arn:aws*:ecs:?*:?*:service-deployment/?*",
        ["service-revision"] = "arn:aws*:ecs:?*:?*:service-revision/?*",
        ["ecs"] = "arn:aws*:ecs:?*:?*:?*/?*",
        ["repository"] = "arn:aws*:ecr:?*:?*:repository/?*",
        ["role"] = "arn:aws*:iam::?*:role/?*",
        ["log-group"] = "arn:aws*:logs:?*:?*:log-group:?*",
        ["parameter"] = "arn:aws*:ssm:?*:?*:parameter/?*",
        ["secret"] = "arn:aws*:secretsmanager:?*:?*:secret:?*",
        ["key"] = "arn:aws*:kms:?*:?*:key/?*",
    };

    /// <summary>Action, resource kinds, own condition keys. RT is aws:ResourceTag, QT is aws:RequestTag with aws:TagKeys.</summary>
    private const string Table =
        """
        ecs:DescribeClusters            cluster                     RT
        ecs:DescribeServices            service                     ecs:cluster RT
        ecs:ListServices                *                           ecs:cluster
        ecs:ListClusters                *
        ecs:UpdateService               service                     ecs:cluster ecs:task-definition RT ecs:capacity-provider ecs:enable-execute-command ecs:subnet ecs:auto-assign-public-ip ecs:task-cpu ecs:task-memory
        ecs:CreateService               service                     ecs:cluster ecs:task-definition RT ecs:capacity-provider ecs:enable-execute-command ecs:subnet ecs:auto-assign-public-ip ecs:task-cpu ecs:task-memory QT
        ecs:DeleteService               service                     ecs:cluster RT
        ecs:RegisterTaskDefinition      task-definition             ecs:compute-compatibility ecs:privileged ecs:task-cpu ecs:task-memory QT RT
        ecs:DeregisterTaskDefinition    *
        ecs:DeleteTaskDefinitions       task-definition             RT
        ecs:DescribeTaskDefinition      *
        ecs:ListTaskDefinitions         *
        ecs:ListTaskDefinitionFamilies  *
        ecs:ListTasks                   *,container-instance        ecs:cluster RT
        ecs:DescribeTasks               task                        ecs:cluster RT
        ecs:RunTask                     task-definition             ecs:cluster ecs:capacity-provider ecs:enable-execute-command QT RT
        ecs:StopTask                    task                        ecs:cluster RT
        ecs:ListServiceDeployments      service                     ecs:cluster RT
        ecs:DescribeServiceDeployments  service,service-deployment  ecs:cluster ecs:service RT
        ecs:DescribeServiceRevisions    service,service-revision    ecs:cluster ecs:service RT
        ecs:StopServiceDeployment       service,service-deployment  ecs:cluster ecs:service RT
        ecs:ContinueServiceDeployment   service,service-deployment  ecs:cluster ecs:service RT
        ecs:TagResource                 ecs                         ecs:CreateAction QT RT
        ecs:UntagResource               ecs                         aws:TagKeys RT
        ecs:ListTagsForResource         ecs                         RT
        ecs:CreateCluster               *,cluster                   QT
        ecs:DeleteCluster               cluster                     RT
        ecs:UpdateCluster               cluster                     RT
        ecs:DescribeContainerInstances  container-instance          ecs:cluster RT
        ecs:ListContainerInstances      cluster                     RT

        ecr:GetAuthorizationToken           *
        ecr:BatchCheckLayerAvailability     repository              RT
        ecr:GetDownloadUrlForLayer          repository              RT
        ecr:BatchGetImage                   repository              RT
        ecr:InitiateLayerUpload             repository              RT
        ecr:UploadLayerPart                 repository              RT
        ecr:CompleteLayerUpload             repository              RT
        ecr:PutImage                        repository              RT
        ecr:BatchDeleteImage                repository              RT
        ecr:DescribeImages                  repository              RT
        ecr:ListImages                      repository              RT
        ecr:DescribeRepositories            repository              RT
        ecr:CreateRepository                repository              RT QT
        ecr:DeleteRepository                repository              RT
        ecr:SetRepositoryPolicy             repository              RT
        ecr:GetRepositoryPolicy             repository              RT
        ecr:DeleteRepositoryPolicy          repository              RT
        ecr:GetLifecyclePolicy              repository              RT
        ecr:PutLifecyclePolicy              repository              RT
        ecr:DeleteLifecyclePolicy           repository              RT
        ecr:PutImageTagMutability           repository              RT
        ecr:PutImageScanningConfiguration   repository              RT
        ecr:StartImageScan                  repository              RT
        ecr:DescribeImageScanFindings       repository              RT
        ecr:DescribeImageReplicationStatus  repository              RT
        ecr:TagResource                     repository              RT QT
        ecr:UntagResource                   repository              RT aws:TagKeys
        ecr:ListTagsForResource             repository              RT
        ecr:GetAccountSetting               *
        ecr:PutAccountSetting               *
        ecr:GetRegistryPolicy               *
        ecr:DescribeRegistry                *
        ecr:PutReplicationConfiguration     *

        sts:AssumeRole                 role  sts:ExternalId sts:RoleSessionName sts:SourceIdentity sts:TransitiveTagKeys iam:ResourceTag QT RT
        sts:AssumeRoleWithWebIdentity  role  sts:RoleSessionName sts:SourceIdentity sts:RoleAuthorizedByIdp QT RT
        sts:TagSession                 role  sts:TransitiveTagKeys QT
        sts:SetSourceIdentity          role  sts:SourceIdentity
        iam:PassRole                   role  iam:PassedToService iam:AssociatedResourceArn

        logs:GetLogEvents              log-group  RT
        logs:FilterLogEvents           log-group  RT
        logs:DescribeLogGroups         *
        logs:DescribeLogStreams        log-group  RT
        logs:CreateLogGroup            log-group  QT
        logs:CreateLogStream           log-group  RT
        logs:PutLogEvents              log-group  RT
        ssm:GetParameters              parameter  RT ssm:resourceTag
        secretsmanager:GetSecretValue  secret     secretsmanager:SecretId secretsmanager:VersionId secretsmanager:VersionStage secretsmanager:ResourceTag RT
        secretsmanager:DescribeSecret  secret     secretsmanager:SecretId secretsmanager:ResourceTag RT
        kms:Decrypt                    key        kms:ViaService kms:CallerAccount kms:EncryptionContext RT
        kms:DescribeKey                key        kms:ViaService kms:RequestAlias RT
        kms:CreateGrant                key        kms:GrantIsForAWSResource kms:ViaService kms:GranteePrincipal kms:GrantOperations RT
        """;

    private static readonly Dictionary<string, ActionFact> Actions = Table.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .ToDictionary(row => row[0], row => new ActionFact([.. row[1].Split(',').Select(kind => Resources[kind])], [.. row[2..].SelectMany(key => Keys(row[0], key))]));

    /// <summary>Null when there is no such action.</summary>
    public static ActionFact? Find(string action) => Actions.GetValueOrDefault(action);

    private static IEnumerable<string> Keys(string action, string key)
    {
        return key switch
        {
            "RT" => ["aws:ResourceTag/*", $"{action[..action.IndexOf(':', StringComparison.Ordinal)]}:ResourceTag/*"],
            "QT" => ["aws:RequestTag/*", "aws:TagKeys"],
            "kms:EncryptionContext" => ["kms:EncryptionContext:*"],
            _ => [key],
        };
    }
}

/// <summary>One action: patterns of the resources it is authorized on, and of the condition keys that its request carries.</summary>
internal sealed record ActionFact(IReadOnlyList<string> Resources, IReadOnlyList<string> Keys)
{
    public bool Takes(string resource) => Resources.Any(pattern => pattern == resource || (pattern is not "*" && Wildcard.MatchesArn(pattern, resource)));

    public bool Carries(string key) => Keys.Any(pattern => Wildcard.Matches(pattern, key, ignoreCase: true));
}
