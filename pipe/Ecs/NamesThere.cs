using EcsDeploy.Aws;

namespace EcsDeploy.Ecs;

/// <summary>Answers a wrong name with the names that exist, as far as the role may list them.</summary>
internal static class NamesThere
{
    private const int MostNames = 50;

    /// <param name="what">In the plural: <c>services</c>.</param>
    /// <param name="permission">What listing them takes.</param>
    /// <param name="list">Lists them.</param>
    /// <param name="token">Ends the wait.</param>
    public static async Task<string> TellAsync(string what, string permission, Func<CancellationToken, Task<IReadOnlyList<string>>> list, CancellationToken token)
    {
        try
        {
            var names = await list(token);
            return names.Count == 0
                ? $"There are no {what} there."
                : $"The {what} there: {string.Join(", ", names.Take(MostNames))}{(names.Count > MostNames ? $" and {names.Count - MostNames} more" : "")}.";
        }
        catch (AwsException fault) when (fault.IsAccessDenied)
        {
            return $"(The role may not list {what}: with {permission} this message would name them.)";
        }
    }
}
