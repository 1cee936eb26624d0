namespace EcsDeploy.Settings;

/// <summary>The name of every variable that the pipe reads, once.</summary>
internal static class VariableNames
{
    /// <summary>What stands before a variable's name when pipe.yml hands over its value from the context.</summary>
    public const string ContextPrefix = "CONTEXT_";

    public const string Action = "ACTION";
    public const string DryRun = "DRY_RUN";
    public const string ConfigFile = "CONFIG_FILE";
    public const string Environment = "ENVIRONMENT";
    public const string Services = "SERVICES";
    public const string Region = "AWS_DEFAULT_REGION";
    public const string OidcRole = "AWS_OIDC_ROLE_ARN";
    public const string AccessKeyId = "AWS_ACCESS_KEY_ID";
    public const string SecretAccessKey = "AWS_SECRET_ACCESS_KEY";
    public const string SessionToken = "AWS_SESSION_TOKEN";
    public const string EcrRole = "ECR_ROLE_ARN";
    public const string DeployRole = "DEPLOY_ROLE_ARN";
    public const string BaseRole = "BASE_ROLE_ARN";
    public const string AllowedAccounts = "AWS_ALLOWED_ACCOUNT_IDS";
    public const string EcrRepository = "ECR_REPOSITORY";
    public const string Project = "PROJECT";
    public const string Configuration = "CONFIGURATION";
    public const string PublishArguments = "PUBLISH_ARGS";
    public const string BuildMemory = "BUILD_MEMORY";
    public const string Reproducible = "REPRODUCIBLE";
    public const string PublishFolder = "PUBLISH_DIR";
    public const string Dockerfile = "DOCKERFILE";
    public const string DockerContext = "DOCKER_CONTEXT";
    public const string DockerTarget = "DOCKER_TARGET";
    public const string DockerBuildArguments = "DOCKER_BUILD_ARGS";
    public const string DockerSecrets = "DOCKER_SECRETS";
    public const string DockerCacheFrom = "DOCKER_CACHE_FROM";
    public const string ImageName = "IMAGE_NAME";
    public const string ImageArchive = "IMAGE_ARCHIVE";
    public const string Image = "IMAGE";
    public const string SourceEcrRepository = "SOURCE_ECR_REPOSITORY";
    public const string SourceEcrRole = "SOURCE_ECR_ROLE_ARN";
    public const string Tags = "TAGS";
    public const string Platforms = "PLATFORMS";
    public const string BaseImage = "BASE_IMAGE";
    public const string BaseImageUser = "BASE_IMAGE_USERNAME";
    public const string BaseImagePassword = "BASE_IMAGE_PASSWORD";
    public const string LayerCompression = "LAYER_COMPRESSION";
    public const string ScanThreshold = "SCAN_THRESHOLD";
    public const string ScanAllow = "SCAN_ALLOW";
    public const string ScanTimeout = "SCAN_TIMEOUT";
    public const string EcrCreate = "ECR_CREATE";
    public const string ClusterName = "CLUSTER_NAME";
    public const string ServiceName = "SERVICE_NAME";
    public const string TaskDefinition = "TASK_DEFINITION";
    public const string ContainerName = "CONTAINER_NAME";
    public const string SetEnvironment = "SET_ENV_VARS";
    public const string UnsetEnvironment = "UNSET_ENV_VARS";
    public const string SetSecrets = "SET_SECRETS";
    public const string ForceNewDeployment = "FORCE_NEW_DEPLOYMENT";
    public const string BeforeDeploy = "BEFORE_DEPLOY";
    public const string AfterDeploy = "AFTER_DEPLOY";
    public const string Wait = "WAIT";
    public const string WaitTimeout = "WAIT_TIMEOUT";
    public const string OnFailure = "ON_FAILURE";
    public const string OnTimeout = "ON_TIMEOUT";
    public const string OnCancel = "ON_CANCEL";
    public const string RollbackTo = "ROLLBACK_TO";
    public const string PromoteFrom = "PROMOTE_FROM";
    public const string OutputFolder = "OUTPUT_DIR";
    public const string Report = "REPORT";
    public const string ReportProxy = "REPORT_PROXY";
    public const string HttpsProxy = "HTTPS_PROXY";
    public const string NoProxy = "NO_PROXY";
    public const string CaBundle = "CA_BUNDLE";
    public const string UseFips = "AWS_USE_FIPS_ENDPOINT";
    public const string UseDualStack = "AWS_USE_DUALSTACK_ENDPOINT";
    public const string Endpoint = "AWS_ENDPOINT_URL";
    public const string Debug = "DEBUG";

    /// <summary>The addresses of single services, by the service's signing name; spelt as in every AWS SDK.</summary>
    public static readonly IReadOnlyDictionary<string, string> ServiceEndpoints = new Dictionary<string, string>
    {
        ["ecr"] = "AWS_ENDPOINT_URL_ECR",
        ["ecs"] = "AWS_ENDPOINT_URL_ECS",
        ["sts"] = "AWS_ENDPOINT_URL_STS",
        ["logs"] = "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS",
    };

    /// <summary>What a one-off task's arguments (BEFORE_DEPLOY, AFTER_DEPLOY) may be accompanied by.</summary>
    public static (string EntryPoint, string Container, string TaskDefinition, string Timeout) OneOff(string arguments) =>
        ($"{arguments}_ENTRY_POINT", $"{arguments}_CONTAINER", $"{arguments}_TASK_DEFINITION", $"{arguments}_TIMEOUT");
}
