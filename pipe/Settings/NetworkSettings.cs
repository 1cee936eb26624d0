namespace EcsDeploy.Settings;

/// <summary>How the network is reached: proxy, certificates, other addresses for AWS services.</summary>
internal sealed record NetworkSettings
{
    public Uri? HttpsProxy { get; init; }

    public IReadOnlyList<string> NoProxy { get; init; } = [];

    /// <summary>REPORT_PROXY: what signs a step's requests to Bitbucket (Code Insights documentation; from a container by Docker's name of the host).</summary>
    public Uri ReportProxy { get; init; } = new("http://host.docker.internal:29418");

    /// <summary>CA_BUNDLE: a PEM file, from the clone on, whose certificates are trusted beside the system's.</summary>
    public string? CaBundle { get; init; }

    /// <summary>AWS_ENDPOINT_URL; https unless it is loopback or the step's own host.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>AWS_ENDPOINT_URL_ECR and so on, by the service's name in lower case ("ecr", "ecs", "sts", "logs").</summary>
    public IReadOnlyDictionary<string, Uri> ServiceEndpoints { get; init; } = new Dictionary<string, Uri>();

    /// <summary>AWS_USE_FIPS_ENDPOINT.</summary>
    public bool UseFips { get; init; }

    /// <summary>AWS_USE_DUALSTACK_ENDPOINT.</summary>
    public bool UseDualStack { get; init; }

    /// <summary>The address asked instead of a service's own; null when AWS's own is meant.</summary>
    public Uri? EndpointOf(string service) => ServiceEndpoints.GetValueOrDefault(service) ?? Endpoint;
}
