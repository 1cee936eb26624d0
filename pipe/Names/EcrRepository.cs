using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace EcsDeploy.Names;

/// <summary>
/// One repository of one ECR registry, from its address. Host forms, with their FIPS variants (Amazon ECR user guide, "Endpoints"):
/// <c>A.dkr.ecr.R.amazonaws.com</c>, <c>A.dkr.ecr.R.amazonaws.com.cn</c>, <c>A.dkr.ecr-fips.R.amazonaws.com</c>, <c>A.dkr-ecr.R.on.aws</c>.
/// </summary>
internal sealed partial record EcrRepository
{
    public const string Rule = "an ECR address such as 123456789012.dkr.ecr.eu-west-1.amazonaws.com/name";

    private EcrRepository(Match host, string text, string name)
    {
        Host = text;
        Name = name;
        Account = AccountId.TryParse(host.Groups["account"].Value, out var account) ? account : throw new FormatException(Rule);
        Region = host.Groups["region"].Value;
        Fips = host.Groups["fips"].Success;
        DualStack = text.EndsWith(".on.aws", StringComparison.Ordinal) || text.EndsWith(".on.amazonwebservices.com.cn", StringComparison.Ordinal);
    }

    /// <summary>The registry's host as it was written, without a port.</summary>
    public string Host { get; }

    /// <summary>The repository's name, 2–256 characters, slashes included.</summary>
    public string Name { get; }

    public AccountId Account { get; }

    public string Region { get; }

    public bool Fips { get; }

    public bool DualStack { get; }

    /// <summary>Host and name: what stands before "@sha256:" in a task definition.</summary>
    public string Address => $"{Host}/{Name}";

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out EcrRepository? repository)
    {
        repository = null;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash <= 0)
        {
            return false;
        }

        var (host, name) = (text![..slash], text[(slash + 1)..]);
        var match = HostForm().Match(host);
        if (match.Success && name.Length is >= 2 and <= 256 && NameForm().IsMatch(name))
        {
            repository = new EcrRepository(match, host, name);
        }

        return repository is not null;
    }

    public override string ToString() => Address;

    [GeneratedRegex(@"^(?<account>[0-9]{12})\.(dkr\.ecr(?<fips>-fips)?\.(?<region>[a-z0-9-]+)\.(amazonaws\.com(\.cn)?|sc2s\.sgov\.gov|c2s\.ic\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov|amazonaws\.eu)|dkr-ecr(?<fips>-fips)?\.(?<region>[a-z0-9-]+)\.on\.(aws|amazonwebservices\.com\.cn))$", RegexOptions.ExplicitCapture)]
    private static partial Regex HostForm();

    [GeneratedRegex(@"^([a-z0-9]+([._-][a-z0-9]+)*/)*[a-z0-9]+([._-][a-z0-9]+)*$", RegexOptions.ExplicitCapture)]
    private static partial Regex NameForm();
}
