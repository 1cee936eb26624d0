using Amazon.Runtime;

namespace EcsDeploy.Aws;

/// <summary>An identity as the SDK's signer asks for it; the session is obtained before a call is made.</summary>
internal sealed class IdentityCredentials(AwsIdentity identity) : AWSCredentials
{
    public override ImmutableCredentials GetCredentials()
    {
        var keys = identity.Current?.Keys ?? throw new InvalidOperationException("A call was signed before its session was obtained.");
        return new ImmutableCredentials(keys.AccessKeyId, keys.SecretAccessKey.Reveal(), keys.SessionToken?.Reveal());
    }

    public override Task<ImmutableCredentials> GetCredentialsAsync() => Task.FromResult(GetCredentials());
}
