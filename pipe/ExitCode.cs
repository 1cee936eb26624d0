namespace EcsDeploy;

/// <summary>How the pipe ended, as the step sees it: a public contract, never renumbered.</summary>
internal enum ExitCode
{
    Done = 0,
    Defect = 1,
    Settings = 2,
    Access = 3,
    Build = 4,
    Push = 5,
    RolledBack = 6,
    FailedNotRolledBack = 7,
    InFlight = 8,
    Superseded = 9,
    TaskBeforeFailed = 10,
    TaskAfterFailed = 11,
    Refused = 12,
    Paused = 13,
    CheckFailed = 14,
    Cancelled = 130,
}
