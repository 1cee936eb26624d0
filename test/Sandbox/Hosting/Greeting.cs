using Sandbox.Bitbucket;
using Sandbox.Worlds;

namespace Sandbox.Hosting;

/// <summary>What the program prints at its start: where it listens, who one can be, and lines to paste into a shell.</summary>
internal static class Greeting
{
    public static void Write(TextWriter output, SandboxServer sandbox)
    {
        output.WriteLine($"Sandbox on {sandbox.Endpoint} (open it in a browser for its state)");
        if (sandbox.TlsEndpoint is { } tls)
        {
            output.WriteLine($"HTTPS on {tls}, authority in {sandbox.CaBundlePath}");
        }

        foreach (var (account, index) in sandbox.World.Accounts.Select((account, index) => (account, index)))
        {
            WriteAccount(output, sandbox, account, index);
        }

        output.WriteLine();
        output.WriteLine("# A shell that uses it, as the first account's user, and a step's token for an hour:");
        output.WriteLine($"export AWS_ENDPOINT_URL={sandbox.Endpoint.GetLeftPart(UriPartial.Authority)} AWS_DEFAULT_REGION={sandbox.World.Region}");
        if (sandbox.World.Accounts.SelectMany(account => account.Users).FirstOrDefault() is { } user)
        {
            output.WriteLine($"export AWS_ACCESS_KEY_ID={user.AccessKeyId} AWS_SECRET_ACCESS_KEY={user.SecretAccessKey}");
        }

        var environment = sandbox.World.Workspace.Environments.Keys.FirstOrDefault();
        output.WriteLine($"export BITBUCKET_STEP_OIDC_TOKEN={sandbox.OidcToken(new OidcTokenRequest { Environment = environment })}");
        output.WriteLine($"# Another one: curl -s -d '{{\"environment\":\"{sandbox.World.Workspace.Environments.Keys.LastOrDefault()}\"}}' {sandbox.Endpoint}_sandbox/token");
        output.WriteLine("# An AWS CLI before 2.13 does not read AWS_ENDPOINT_URL: aws --endpoint-url $AWS_ENDPOINT_URL sts get-caller-identity");
        output.Flush();
    }

    private static void WriteAccount(TextWriter output, SandboxServer sandbox, Account account, int index)
    {
        output.WriteLine();
        output.WriteLine($"account {account.Id}, registry 127.0.0.{index + 1}:{sandbox.Endpoint.Port}");
        foreach (var user in account.Users)
        {
            output.WriteLine($"  user {user.Name}: AWS_ACCESS_KEY_ID={user.AccessKeyId} AWS_SECRET_ACCESS_KEY={user.SecretAccessKey}");
        }

        foreach (var role in account.Roles)
        {
            output.WriteLine($"  role {account.Arn("iam", $"role/{role.Name}")}");
        }
    }
}
