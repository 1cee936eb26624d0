using EcsDeploy.Names;

namespace EcsDeploy.Settings;

/// <summary>Holds a cluster that is named by its ARN to where the run acts: ECS would look for its name in the role's own account and region, or refuse it after the build.</summary>
internal static class ClusterCheck
{
    public static void Check(IReadOnlyList<ServiceSettings> services, IdentitySettings identity, SettingsNotes notes)
    {
        foreach (var text in services.Select(service => service.Cluster).Distinct(StringComparer.Ordinal))
        {
            if (Arn.TryParse(text, out var cluster))
            {
                CheckAccount(cluster, identity, notes);
                CheckRegion(cluster, identity.Region, notes);
            }
        }
    }

    private static void CheckAccount(Arn cluster, IdentitySettings identity, SettingsNotes notes)
    {
        if ((identity.RollRole ?? identity.BaseRole) is { } role)
        {
            if (role.Account != cluster.Account)
            {
                notes.Fault(
                    $"{VariableNames.ClusterName} is '{cluster}', in account {cluster.Account}, but the role that would roll its services, {role}, acts in {role.Account}. "
                    + $"Correct {VariableNames.ClusterName}, or set {VariableNames.DeployRole} to a role of the cluster's account.");
            }
        }
        else if (identity.AllowedAccounts.Count > 0 && identity.AllowedAccounts.All(account => account.Text != cluster.Account))
        {
            notes.Fault(
                $"{VariableNames.ClusterName} is '{cluster}', in account {cluster.Account}, and only {string.Join(", ", identity.AllowedAccounts)} may be acted in. "
                + $"Correct {VariableNames.ClusterName}, or add the account to {VariableNames.AllowedAccounts}.");
        }
    }

    private static void CheckRegion(Arn cluster, string region, SettingsNotes notes)
    {
        if (AwsPartition.Of(cluster.Region).Name != cluster.Partition)
        {
            notes.Fault($"{VariableNames.ClusterName} is '{cluster}', of partition {cluster.Partition}, but region {cluster.Region} is in {AwsPartition.Of(cluster.Region).Name}. Correct the ARN.");
        }
        else if (region.Length > 0 && cluster.Region != region)
        {
            notes.Fault(
                $"{VariableNames.ClusterName} is '{cluster}', in region {cluster.Region}, but this run acts in {region}. "
                + $"Set {VariableNames.Region} to {cluster.Region}, or correct {VariableNames.ClusterName}.");
        }
    }
}
