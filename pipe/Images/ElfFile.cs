using EcsDeploy.Names;

namespace EcsDeploy.Images;

/// <summary>Tells which machine a native program is for, from the first bytes of its file (System V ABI, "ELF Header").</summary>
internal static class ElfFile
{
    private const int MachineOffset = 18;
    private const int Amd64 = 62;
    private const int Arm64 = 183;

    /// <summary>The ELF number of the machine; null for anything but an ELF file.</summary>
    public static int? MachineOf(string path)
    {
        Span<byte> start = stackalloc byte[MachineOffset + 2];
        using var file = File.OpenHandle(path);
        var count = RandomAccess.Read(file, start, 0);
        return count == start.Length && start.StartsWith("\u007fELF"u8) ? start[MachineOffset] | (start[MachineOffset + 1] << 8) : null;
    }

    /// <summary>An ELF file that is no shared library by its name. What has no length is not opened: a pipe would not let go.</summary>
    public static bool IsProgram(string path) => !IsLibrary(Path.GetFileName(path)) && new FileInfo(path).Length > 0 && MachineOf(path) is not null;

    public static bool IsLibrary(string name) => name.EndsWith(".so", StringComparison.Ordinal) || name.Contains(".so.", StringComparison.Ordinal);

    public static bool IsFor(int machine, Platform platform) => machine == (platform == Platform.Arm64 ? Arm64 : Amd64);
}
