namespace EcsDeploy;

/// <summary>Of several endings the one that needs somebody first decides what the step ends with.</summary>
internal static class Gravity
{
    public static ExitCode Gravest(IEnumerable<ExitCode> codes) => codes.OrderByDescending(Of).FirstOrDefault(ExitCode.Done);

    private static int Of(ExitCode code) => code switch
    {
        ExitCode.Done => 0,
        ExitCode.Paused => 1,
        ExitCode.Superseded => 2,
        ExitCode.InFlight => 3,
        ExitCode.RolledBack => 4,
        ExitCode.FailedNotRolledBack => 6,
        _ => 5,
    };
}
