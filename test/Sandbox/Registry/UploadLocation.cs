using System.Diagnostics;
using Sandbox.Ecr;

namespace Sandbox.Registry;

/// <summary>Writes a Location in the form that the habits ask for.</summary>
internal static class UploadLocation
{
    public static string Of(RegistryCall call, string path) => call.Habits.UploadLocation switch
    {
        LocationForm.Relative => path,
        LocationForm.Absolute => Here(call) + path,
        LocationForm.AbsoluteWithQuery => $"{Here(call)}{path}?_state=c2FuZGJveA%3D%3D",
        LocationForm.OtherHost => new Uri(call.Habits.UploadHost ?? new Uri(Here(call)), path).AbsoluteUri,
        _ => throw new UnreachableException(),
    };

    private static string Here(RegistryCall call) => $"{call.Request.Scheme}://{call.Request.Host}";
}
