using System.Security.Cryptography;
using System.Text;
using Sandbox.Worlds;

namespace Sandbox.Sts;

/// <summary>IAM's unique ids (<c>AROA…</c>, <c>AIDA…</c>), made from the ARN so that they stay the same from run to run.</summary>
internal static class PrincipalId
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>The UserId that GetCallerIdentity gives: a session's has its name behind a colon.</summary>
    public static string Of(Caller caller) =>
        caller.RoleArn is { } role ? $"{OfRole(role)}:{caller.Arn[(caller.Arn.LastIndexOf('/') + 1)..]}" : Made("AIDA", caller.Arn);

    public static string OfRole(string roleArn) => Made("AROA", roleArn);

    private static string Made(string prefix, string arn) =>
        prefix + string.Concat(SHA256.HashData(Encoding.UTF8.GetBytes(arn)).Take(17).Select(value => Alphabet[value % 32]));
}
