using System.Collections.Concurrent;
using System.Security.Cryptography;
using Sandbox.Worlds;

namespace Sandbox.Signatures;

/// <summary>Every pair of keys that was ever given out: those of the world's users and those of sessions, ended ones too.</summary>
internal sealed class CredentialStore
{
    private const string KeyAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const string SecretAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/+";

    private readonly ConcurrentDictionary<string, Credential> _byKeyId = new(StringComparer.Ordinal);

    public CredentialStore(World world)
    {
        foreach (var account in world.Accounts)
        {
            foreach (var user in account.Users)
            {
                var caller = new Caller { AccountId = account.Id, Arn = account.Arn("iam", $"user/{user.Name}") };
                _byKeyId[user.AccessKeyId] = new Credential(new AccessKeys(user.AccessKeyId, user.SecretAccessKey, null), caller);
            }
        }
    }

    public IEnumerable<AccessKeys> All => _byKeyId.Values.Select(credential => credential.Keys);

    /// <summary>Null when no such key was ever given out.</summary>
    public Credential? Find(string accessKeyId) => _byKeyId.GetValueOrDefault(accessKeyId);

    /// <summary>New keys for a session of a role.</summary>
    public AccessKeys Issue(Caller caller)
    {
        var keys = new AccessKeys(
            "ASIA" + RandomNumberGenerator.GetString(KeyAlphabet, 16),
            RandomNumberGenerator.GetString(SecretAlphabet, 40),
            RandomNumberGenerator.GetString(SecretAlphabet, 320));
        _byKeyId[keys.AccessKeyId] = new Credential(keys, caller);
        return keys;
    }
}
