namespace EcsDeploy.Logging;

/// <summary>By what name the other side knows a request, for its support; ECR, S3 and Bitbucket each have a header of their own.</summary>
internal static class RequestIds
{
    private const int Longest = 100;

    private static readonly string[] Headers = ["x-amzn-RequestId", "x-amz-request-id", "X-Request-Id", "X-Request-UUID"];

    /// <summary>Printable and bounded, whatever was answered; "none" when there is no such header.</summary>
    public static string Of(HttpResponseMessage response)
    {
        foreach (var header in Headers)
        {
            if (response.Headers.TryGetValues(header, out var values) && string.Concat(values.First().Where(character => character is > ' ' and < '\u007f').Take(Longest)) is { Length: > 0 } id)
            {
                return id;
            }
        }

        return "none";
    }
}
