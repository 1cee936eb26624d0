using System.Diagnostics.CodeAnalysis;

namespace EcsDeploy.Names;

/// <summary>An AWS account, 12 digits.</summary>
internal sealed record AccountId
{
    public const string Rule = "an AWS account id of 12 digits";

    private AccountId(string text) => Text = text;

    public string Text { get; }

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out AccountId? account)
    {
        account = text is { Length: 12 } && text.All(char.IsAsciiDigit) ? new AccountId(text) : null;
        return account is not null;
    }

    public override string ToString() => Text;
}
