using Xunit;

namespace Pipe.Tests.House;

/// <summary>A file is one thing.</summary>
public sealed class SizeTests
{
    private const int Longest = 250;

    [Theory]
    [InlineData("pipe")]
    [InlineData("test")]
    public void No_source_file_is_longer_than_250_lines(string folder)
    {
        var tooLong = SourceTree.CSharpFiles(folder)
            .Select(file => (Name: Path.GetRelativePath(SourceTree.Root, file), Lines: File.ReadLines(file).Count()))
            .Where(file => file.Lines > Longest)
            .Select(file => $"{file.Name}: {file.Lines} lines");

        Assert.Empty(tooLong);
    }
}
