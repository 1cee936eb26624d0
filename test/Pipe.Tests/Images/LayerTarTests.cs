using System.Formats.Tar;
using System.Text;
using EcsDeploy.Images;
using Xunit;

namespace Pipe.Tests.Images;

/// <summary>The tar of a layer, read back by .NET's own reader.</summary>
public sealed class LayerTarTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Folders_come_before_what_is_in_them_and_all_in_ordinal_order()
    {
        var entries = await TarOfAsync("b.txt", "a/z.txt", "a/deep/x.txt", "a-b.txt", "B.txt");

        Assert.Equal(["app/", "app/B.txt", "app/a-b.txt", "app/a/", "app/a/deep/", "app/a/deep/x.txt", "app/a/z.txt", "app/b.txt"], entries.Select(entry => entry.Name));
        Assert.All(entries.Where(entry => entry.Name.EndsWith('/')), entry => Assert.Equal(TarEntryType.Directory, entry.EntryType));
    }

    [Fact]
    public async Task Owner_group_and_time_are_the_same_for_all()
    {
        var entries = await TarOfAsync("a.txt", "sub/b.txt");

        Assert.All(entries, entry =>
        {
            Assert.Equal((0, 0), (entry.Uid, entry.Gid));
            Assert.Equal(new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero), entry.ModificationTime);
        });
    }

    [Theory]
    [InlineData("short")]
    [InlineData("ünïcödé/日本語 with spaces.txt")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789")]
    [InlineData("a/012345678901234567890123456789012345678901234567890123456789/012345678901234567890123456789012345678901234567890123456789/e.txt")]
    public async Task Any_name_that_a_file_system_takes_is_kept(string name)
    {
        var entries = await TarOfAsync(name);

        Assert.Equal("app/" + name, entries[^1].Name);
        Assert.Equal(name, Text(entries[^1]));
    }

    [Fact]
    public async Task Names_at_the_edge_of_the_short_form_are_kept()
    {
        string[] names = [.. Enumerable.Range(90, 20).Select(length => new string('x', length))];

        var entries = await TarOfAsync(names);

        Assert.Equal(names.Select(name => "app/" + name), entries.Skip(1).Select(entry => entry.Name));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(300_000)]
    public async Task Files_of_any_size_are_whole(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        var file = new PublishedFile("f.bin", _temp.Write("f.bin", bytes));

        var entries = await TarOfAsync([file], "/app/");

        Assert.Equal(bytes, Bytes(entries[^1]));
    }

    [Theory]
    [InlineData(8L * 1024 * 1024 * 1024)]
    [InlineData((8L * 1024 * 1024 * 1024) - 1)]
    [InlineData(9_999_999_999_999)]
    public void A_size_beyond_eleven_octal_digits_is_written_as_GNU_does(long size)
    {
        var header = new TarHeader("big", '0', 0b110_100_100) { Size = size }.ToBytes();
        using var stream = new FileStream(_temp.Write("sparse.tar", header), FileMode.Open);
        stream.SetLength(header.Length + size);
        using var reader = new TarReader(stream);

        Assert.Equal(size, reader.GetNextEntry()?.Length);
    }

    [Fact]
    public async Task A_link_is_kept_as_a_link_even_a_long_one()
    {
        var target = string.Join('/', Enumerable.Repeat("folder", 30));
        var entries = await TarOfAsync([new PublishedFile("link", "") { LinkTarget = target }], "/app/");

        Assert.Equal(TarEntryType.SymbolicLink, entries[^1].EntryType);
        Assert.Equal(target, entries[^1].LinkName);
    }

    [Fact]
    public async Task An_empty_folder_stays()
    {
        var entries = await TarOfAsync([new PublishedFile("data/", "") { IsFolder = true }], "/app/");

        Assert.Equal(["app/", "app/data/"], entries.Select(entry => entry.Name));
    }

    [Theory]
    [InlineData("/", "f.txt")]
    [InlineData("/srv/shop/api", "srv/shop/api/,srv/shop/api/f.txt")]
    public async Task Only_the_working_directory_and_what_is_below_it_is_written(string workingDirectory, string names)
    {
        var entries = await TarOfAsync([new PublishedFile("f.txt", _temp.Write("f.txt", "f"))], workingDirectory);

        Assert.Equal(names.Split(','), entries.Select(entry => entry.Name));
    }

    [Theory]
    [InlineData("run.sh", "#!/bin/sh", true)]
    [InlineData("web", "\u007fELF…", true)]
    [InlineData("createdump", "\u007fELF…", true)]
    [InlineData("libnative.so", "\u007fELF…", false)]
    [InlineData("libnative.so.1.2", "\u007fELF…", false)]
    [InlineData("web.dll", "MZ", false)]
    [InlineData("appsettings.json", "{}", false)]
    [InlineData("empty", "", false)]
    public async Task What_can_be_run_is_told_by_what_is_in_the_file(string name, string text, bool runs)
    {
        var path = _temp.Write(name, text);
        TempFolder.SetMode(path, UnixFileMode.UserRead | UnixFileMode.GroupExecute);

        var entries = await TarOfAsync([new PublishedFile(name, path)], "/app/");

        Assert.Equal(runs ? "755" : "644", Convert.ToString((int)entries[^1].Mode, 8));
    }

    [Fact]
    public async Task A_static_file_has_a_time_that_changes_with_its_contents_alone()
    {
        var one = await StaticTimeAsync("first");
        var same = await StaticTimeAsync("first");
        var other = await StaticTimeAsync("other");

        Assert.Equal(one, same);
        Assert.NotEqual(one, other);
        Assert.InRange(one.Year, 1980, 2014);
    }

    private async Task<DateTimeOffset> StaticTimeAsync(string text)
    {
        var path = _temp.Write($"{Guid.NewGuid()}/site.css", text);
        return (await TarOfAsync([new PublishedFile("wwwroot/site.css", path)], "/app/"))[^1].ModificationTime;
    }

    private Task<List<TarEntry>> TarOfAsync(params string[] names) =>
        TarOfAsync([.. names.Select(name => new PublishedFile(name, _temp.Write(name, name)))], "/app/");

    private static async Task<List<TarEntry>> TarOfAsync(IReadOnlyList<PublishedFile> files, string workingDirectory)
    {
        using var stream = new MemoryStream();
        await using (var sink = new DigestingStream(stream))
        {
            await new LayerTar(sink, []).WriteAsync(workingDirectory, files, Token);
        }

        Assert.Equal(0, stream.Length % 512);
        stream.Position = 0;
        await using var reader = new TarReader(stream);
        var entries = new List<TarEntry>();
        while (await reader.GetNextEntryAsync(copyData: true, Token) is { } entry)
        {
            entries.Add(entry);
        }

        return entries;
    }

    private static string Text(TarEntry entry) => Encoding.UTF8.GetString(Bytes(entry));

    private static byte[] Bytes(TarEntry entry)
    {
        using var copy = new MemoryStream();
        entry.DataStream?.CopyTo(copy);
        return copy.ToArray();
    }
}
