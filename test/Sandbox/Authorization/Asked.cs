namespace Sandbox.Authorization;

/// <summary>
/// Whether the request being answered has asked the authorizer yet. A handler that answers without having asked is a defect of the sandbox,
/// which the host reports; the few calls that need no permission say so.
/// </summary>
public sealed class Asked
{
    private static readonly AsyncLocal<Asked?> Current = new();

    public bool IsDecided { get; private set; }

    /// <summary>Starts to watch one request; what it calls, awaited or not, is seen.</summary>
    public static Asked Begin()
    {
        var asked = new Asked();
        Current.Value = asked;
        return asked;
    }

    /// <summary>For calls that AWS answers without any permission (GetCallerIdentity, <c>GET /v2/</c>).</summary>
    public static void NoPermissionNeeded() => Decide();

    internal static void Decide()
    {
        if (Current.Value is { } asked)
        {
            asked.IsDecided = true;
        }
    }
}
