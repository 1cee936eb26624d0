using System.Runtime.CompilerServices;
using EcsDeploy.Aws;

namespace EcsDeploy.Ecs;

/// <summary>Reads revisions of task definitions that may have been deleted since.</summary>
internal sealed class EarlierRevisions(EcsClient ecs)
{
    /// <summary>Null when there is none of that name or ARN, or it was deleted.</summary>
    public async Task<TaskDefinition?> FindAsync(string name, CancellationToken token)
    {
        try
        {
            return await ecs.DescribeTaskDefinitionAsync(name, token);
        }
        catch (AwsException fault) when (fault.Code is "ClientException" or "InvalidParameterException")
        {
            return null;
        }
    }

    /// <summary>The other ACTIVE ones of a definition's family, the newest first, each described only when it is asked for; none when the role may not list them.</summary>
    public async IAsyncEnumerable<TaskDefinition> OfFamilyAsync(TaskDefinition current, int most, [EnumeratorCancellation] CancellationToken token)
    {
        IReadOnlyList<string> arns;
        try
        {
            arns = await ecs.ListTaskDefinitionsAsync(current.Family, most, token);
        }
        catch (AwsException fault) when (fault.IsAccessDenied)
        {
            yield break;
        }

        foreach (var arn in arns.Where(arn => arn != current.Arn))
        {
            if (await FindAsync(arn, token) is { } definition)
            {
                yield return definition;
            }
        }
    }
}
