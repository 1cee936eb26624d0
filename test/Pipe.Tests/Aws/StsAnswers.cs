using System.Globalization;

namespace Pipe.Tests.Aws;

/// <summary>STS's answers in its XML (STS API reference; errors: authorization reference §2.2, §2.4).</summary>
internal static class StsAnswers
{
    private const string Namespace = "https://sts.amazonaws.com/doc/2011-06-15/";

    public static ScriptedServer ThenSession(this ScriptedServer server, string operation, string roleName, DateTimeOffset expires, string key = "ASIASESSION") => server.Then(
        200,
        $"""
        <{operation}Response xmlns="{Namespace}"><{operation}Result>
          <AssumedRoleUser><Arn>arn:aws:sts::222222222222:assumed-role/{roleName}/shop-7</Arn><AssumedRoleId>AROAX:shop-7</AssumedRoleId></AssumedRoleUser>
          <Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>obtained-secret-{key}</SecretAccessKey><SessionToken>obtained-token-{key}</SessionToken>
          <Expiration>{expires.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}</Expiration></Credentials>
        </{operation}Result><ResponseMetadata><RequestId>request-sts</RequestId></ResponseMetadata></{operation}Response>
        """,
        contentType: "text/xml");

    public static ScriptedServer ThenCaller(this ScriptedServer server, string account) => server.Then(
        200,
        $"""
        <GetCallerIdentityResponse xmlns="{Namespace}"><GetCallerIdentityResult><Arn>arn:aws:iam::{account}:user/pipeline</Arn><UserId>AIDAX</UserId><Account>{account}</Account></GetCallerIdentityResult>
        <ResponseMetadata><RequestId>request-sts</RequestId></ResponseMetadata></GetCallerIdentityResponse>
        """,
        contentType: "text/xml");

    public static ScriptedServer ThenRefusal(this ScriptedServer server, int status, string code, string message) => server.Then(
        status,
        $"""<ErrorResponse xmlns="{Namespace}"><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>request-sts</RequestId></ErrorResponse>""",
        contentType: "text/xml");
}
