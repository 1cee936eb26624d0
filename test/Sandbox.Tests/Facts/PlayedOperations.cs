namespace Sandbox.Tests.Facts;

/// <summary>The operations whose facts the sandbox carries: what it plays, or will when the later parts of the pipe need it.</summary>
internal static class PlayedOperations
{
    private static readonly Dictionary<string, string> Names = new()
    {
        ["ecs"] = """
            CreateCluster DescribeClusters ListClusters UpdateCluster UpdateClusterSettings PutClusterCapacityProviders DeleteCluster
            DescribeCapacityProviders ListContainerInstances DescribeContainerInstances
            RegisterTaskDefinition DescribeTaskDefinition DeregisterTaskDefinition DeleteTaskDefinitions ListTaskDefinitions ListTaskDefinitionFamilies
            CreateService DescribeServices UpdateService DeleteService ListServices ListServicesByNamespace
            DescribeServiceDeployments ListServiceDeployments DescribeServiceRevisions StopServiceDeployment ContinueServiceDeployment
            RunTask StartTask StopTask DescribeTasks ListTasks GetTaskProtection UpdateTaskProtection
            TagResource UntagResource ListTagsForResource
            ListAccountSettings PutAccountSetting PutAccountSettingDefault DeleteAccountSetting
            """,
        ["ecr"] = """
            GetAuthorizationToken CreateRepository DescribeRepositories DeleteRepository
            BatchCheckLayerAvailability GetDownloadUrlForLayer InitiateLayerUpload UploadLayerPart CompleteLayerUpload
            PutImage BatchGetImage BatchDeleteImage DescribeImages ListImages ListImageReferrers UpdateImageStorageClass
            GetRepositoryPolicy SetRepositoryPolicy DeleteRepositoryPolicy
            GetLifecyclePolicy PutLifecyclePolicy DeleteLifecyclePolicy StartLifecyclePolicyPreview GetLifecyclePolicyPreview
            PutImageTagMutability PutImageScanningConfiguration BatchGetRepositoryScanningConfiguration
            StartImageScan DescribeImageScanFindings DescribeImageReplicationStatus
            DescribeRegistry PutReplicationConfiguration GetRegistryPolicy PutRegistryPolicy DeleteRegistryPolicy
            GetRegistryScanningConfiguration PutRegistryScanningConfiguration GetAccountSetting PutAccountSetting
            TagResource UntagResource ListTagsForResource
            """,
        ["logs"] = "GetLogEvents FilterLogEvents DescribeLogGroups DescribeLogStreams",
        ["sts"] = "AssumeRole AssumeRoleWithWebIdentity GetCallerIdentity",
    };

    public static IEnumerable<string> Of(string service) => Names[service].Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
}
