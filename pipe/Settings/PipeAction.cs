namespace EcsDeploy.Settings;

/// <summary>ACTION: what a run does.</summary>
internal enum PipeAction
{
    Deploy,
    Push,
    Promote,
    Rollback,
    Status,
    Check,
    Setup,
    Continue,
    Stop,
}
