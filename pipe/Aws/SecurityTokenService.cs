using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using EcsDeploy.Logging;
using EcsDeploy.Names;
using EcsDeploy.Settings;

namespace EcsDeploy.Aws;

/// <summary>STS: roles by token or from another identity, and who one is. Each session's secrets are with the redactor before anyone else has them.</summary>
internal sealed class SecurityTokenService(string region, string sessionName, Redactor redactor, AwsConnections connections)
{
    public async Task<AwsSession> AssumeByTokenAsync(Arn role, Secret webToken, TimeSpan duration, CancellationToken token)
    {
        using var client = ClientFor(new AnonymousAWSCredentials());
        var request = new AssumeRoleWithWebIdentityRequest
        {
            RoleArn = role.Text,
            RoleSessionName = sessionName,
            WebIdentityToken = webToken.Reveal(),
            DurationSeconds = (int)duration.TotalSeconds,
        };
        var answer = await CallAsync("AssumeRoleWithWebIdentity", null, role.Text, inner => client.AssumeRoleWithWebIdentityAsync(request, inner), token);
        return SessionOf(answer.Credentials, answer.AssumedRoleUser);
    }

    public async Task<AwsSession> AssumeAsync(AwsIdentity from, Arn role, TimeSpan duration, CancellationToken token)
    {
        using var client = ClientFor(new IdentityCredentials(from));
        var request = new AssumeRoleRequest { RoleArn = role.Text, RoleSessionName = sessionName, DurationSeconds = (int)duration.TotalSeconds };
        var answer = await CallAsync("AssumeRole", from, from.Description, inner => client.AssumeRoleAsync(request, inner), token);
        return SessionOf(answer.Credentials, answer.AssumedRoleUser);
    }

    /// <summary>The ARN and the account that keys belong to; needs no permission.</summary>
    public async Task<(string Arn, string Account)> WhoIsAsync(AwsIdentity identity, CancellationToken token)
    {
        using var client = ClientFor(new IdentityCredentials(identity));
        var answer = await CallAsync("GetCallerIdentity", identity, identity.Description, inner => client.GetCallerIdentityAsync(new GetCallerIdentityRequest(), inner), token);
        return (PlainText.Line(answer.Arn), PlainText.Line(answer.Account));
    }

    private AmazonSecurityTokenServiceClient ClientFor(AWSCredentials credentials)
    {
        var config = new AmazonSecurityTokenServiceConfig();
        SdkConfig.Apply(config, "sts", region, connections);
        return new AmazonSecurityTokenServiceClient(credentials, config);
    }

    private Task<T> CallAsync<T>(string operation, AwsIdentity? identity, string asWhom, Func<CancellationToken, Task<T>> send, CancellationToken token)
        where T : AmazonWebServiceResponse =>
        new AwsAttempt(new AwsCall("sts", operation, region, asWhom), identity, connections).RunAsync(
            async inner =>
            {
                var answer = await send(inner);
                return (answer, answer.ResponseMetadata?.RequestId ?? string.Empty);
            },
            repeatable: true,
            token);

    private AwsSession SessionOf(Credentials credentials, AssumedRoleUser user)
    {
        redactor.Add(credentials.SecretAccessKey);
        redactor.Add(credentials.SessionToken);
        return new AwsSession
        {
            Keys = new AwsKeys(credentials.AccessKeyId, new Secret(credentials.SecretAccessKey), new Secret(credentials.SessionToken)),
            Expires = credentials.Expiration is { } end ? new DateTimeOffset(end.ToUniversalTime()) : null,
            Arn = PlainText.Line(user.Arn),
        };
    }
}
