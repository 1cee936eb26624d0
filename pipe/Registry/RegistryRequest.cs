using System.Net;

namespace EcsDeploy.Registry;

/// <summary>One request of the distribution protocol, in a form that can be sent again.</summary>
internal sealed record RegistryRequest(HttpMethod Method, Uri Address)
{
    /// <summary>Media types that the answer may have.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>Makes the body for one try; null for none.</summary>
    public Func<TransferWatch, HttpContent>? Content { get; init; }

    /// <summary>The answers that are no errors.</summary>
    public IReadOnlyList<HttpStatusCode> Expected { get; init; } = [HttpStatusCode.OK];
}
