using EcsDeploy.Names;

namespace EcsDeploy.Aws;

/// <summary>Keeps every identity inside the accounts that were meant; without any it lets all pass.</summary>
internal sealed class AccountGuard(IReadOnlyList<AccountId> allowed)
{
    /// <param name="account">The account that would be acted in.</param>
    /// <param name="how">How one would get there: "the role arn:…".</param>
    /// <param name="called">What was called until now.</param>
    public void Check(string account, string how, string called = "Nothing was called there.")
    {
        if (allowed.Count == 0 || allowed.Any(one => one.Text == account))
        {
            return;
        }

        throw new SignInException(
            $"Account {account} is not allowed: {how} leads there, and only {string.Join(", ", allowed)} may be acted in. "
            + $"{called} Correct the role or the keys, or add the account to AWS_ALLOWED_ACCOUNT_IDS.");
    }
}
