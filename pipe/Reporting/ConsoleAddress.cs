using EcsDeploy.Outcomes;

namespace EcsDeploy.Reporting;

/// <summary>The page of the AWS console that shows a service's deployments, in the service's own partition.</summary>
internal static class ConsoleAddress
{
    public static Uri Of(RunSummary run, RolloutOutcome service)
    {
        var host = run.Partition switch
        {
            "aws-cn" => "console.amazonaws.cn",
            "aws-us-gov" => "console.amazonaws-us-gov.com",
            _ => $"{run.Region}.console.aws.amazon.com",
        };
        var cluster = Uri.EscapeDataString(service.Cluster.Split('/')[^1]);
        return new Uri($"https://{host}/ecs/v2/clusters/{cluster}/services/{Uri.EscapeDataString(service.Service)}/deployments?region={run.Region}");
    }
}
