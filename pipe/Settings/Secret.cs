namespace EcsDeploy.Settings;

/// <summary>Text that never prints itself; <see cref="Reveal"/> is called only where it is handed to the other side.</summary>
internal sealed class Secret(string value)
{
    public string Reveal() => value;

    public override string ToString() => "***";
}
