using System.Net.Http.Headers;

namespace EcsDeploy.Registry;

/// <summary>Where the Authorization header of a registry comes from.</summary>
internal interface IRegistryAuthorization
{
    /// <summary>The header for the next request; null to go without.</summary>
    Task<AuthenticationHeaderValue?> HeaderAsync(CancellationToken token);

    /// <summary>After a refusal: fetches another header than the one that was refused; false when there is no other.</summary>
    /// <param name="refused">What the refused request carried.</param>
    /// <param name="challenges">The answer's WWW-Authenticate headers.</param>
    /// <param name="token">Ends it.</param>
    Task<bool> RenewAsync(AuthenticationHeaderValue? refused, IReadOnlyList<Challenge> challenges, CancellationToken token);
}
