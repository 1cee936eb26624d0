using System.Net.Sockets;
using EcsDeploy.Images;
using Pipe.Tests.Delivery;
using Xunit;

namespace Pipe.Tests.Images;

/// <summary>What a published folder may hold, and what not.</summary>
public sealed class FolderScanTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private string App => _temp.Folder("app");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Every_file_is_listed_hidden_ones_too()
    {
        _temp.Write("app/web.dll", "");
        _temp.Write("app/.well-known/x", "");
        _temp.Write("app/wwwroot/ein Bild ü.png", "");
        _temp.Folder("app/empty/folder");

        Assert.Equal([".well-known/x", "empty/folder/", "web.dll", "wwwroot/ein Bild ü.png"], FolderScan.Of(App).Select(file => file.Path));
    }

    [Theory]
    [InlineData("lib.so.1")]
    [InlineData("./sub/../lib.so.1")]
    [InlineData("{app}/lib.so.1")]
    public void A_link_inside_is_kept_relative_to_itself(string target)
    {
        _temp.Write("app/lib.so.1", "x");
        _temp.Folder("app/sub");
        File.CreateSymbolicLink(Path.Combine(App, "lib.so"), target.Replace("{app}", App, StringComparison.Ordinal));

        var link = FolderScan.Of(App).Single(file => file.LinkTarget is not null);

        Assert.Equal(("lib.so", "lib.so.1"), (link.Path, link.LinkTarget));
    }

    [Fact]
    public void A_link_to_a_folder_inside_is_a_link_and_not_walked()
    {
        _temp.Write("app/v2/x.txt", "x");
        Directory.CreateSymbolicLink(Path.Combine(App, "current"), "v2");

        Assert.Equal(["current", "v2/x.txt"], FolderScan.Of(App).Select(file => file.Path));
    }

    [Fact]
    public void A_link_that_leads_out_is_refused_even_by_way_of_another()
    {
        _temp.Write("secret.txt", "x");
        File.CreateSymbolicLink(Path.Combine(App, "near"), "far");
        File.CreateSymbolicLink(Path.Combine(App, "far"), "../secret.txt");

        Refuses("leads out of the folder");
    }

    // In the image there is nothing outside to come back from.
    [Fact]
    public void A_link_whose_way_leads_out_and_back_leads_straight_there()
    {
        _temp.Write("app/x.txt", "x");
        Directory.CreateSymbolicLink(Path.Combine(_temp.Path, "outside"), App);
        File.CreateSymbolicLink(Path.Combine(App, "link"), "../outside/x.txt");

        Assert.Equal("x.txt", LinkOf("link"));
    }

    [Theory]
    [InlineData("d/../f", "sub/f")]
    [InlineData("sub/../d/../f", "sub/f")]
    [InlineData("d/..", "sub")]
    [InlineData("d/../../d/", "sub/deep")]
    [InlineData("d/../up", ".")]
    [InlineData("{app}/d/../f", "sub/f")]
    public void A_link_through_a_link_leads_where_the_kernel_goes(string target, string leadsTo)
    {
        LinkDeeperDown();
        File.CreateSymbolicLink(Path.Combine(App, "x"), target.Replace("{app}", App, StringComparison.Ordinal));

        Assert.Equal(leadsTo, LinkOf("x"));
    }

    [Fact]
    public void A_link_through_a_link_leads_there_from_a_folder_too()
    {
        LinkDeeperDown();
        File.CreateSymbolicLink(Path.Combine(_temp.Folder("app/other"), "x"), "../d/../f");

        Assert.Equal("../sub/f", LinkOf("other/x"));
    }

    [Theory]
    [InlineData("d/../outer", "leads to nothing")]
    [InlineData("sub/f/", "leads to nothing")]
    [InlineData("sub/f/../f", "leads to nothing")]
    [InlineData("gone/../sub/f", "leads to nothing")]
    [InlineData("d/../../../secret.txt", "leads out of the folder")]
    [InlineData("sub/loop/f", "circle")]
    public void A_link_through_others_is_refused_where_the_kernel_comes_to_no_end_inside(string target, string reason)
    {
        LinkDeeperDown();
        _temp.Write("app/outer", "outer");
        _temp.Write("secret.txt", "x");
        File.CreateSymbolicLink(Path.Combine(App, "x"), target);
        if (reason == "circle")
        {
            File.CreateSymbolicLink(Path.Combine(App, "sub/loop"), "../x");
        }

        Refuses(reason);
    }

    [Theory]
    [InlineData("{app}/x.txt")]
    [InlineData("{link}/x.txt")]
    public void A_folder_that_is_a_link_itself_holds_its_links_by_either_name(string target)
    {
        var link = Path.Combine(_temp.Path, "app-link");
        _temp.Write("app/sub/y.txt", "y");
        _temp.Write("app/x.txt", "x");
        Directory.CreateSymbolicLink(link, "app");
        File.CreateSymbolicLink(
            Path.Combine(App, "sub/l"), target.Replace("{app}", App, StringComparison.Ordinal).Replace("{link}", link, StringComparison.Ordinal));

        foreach (var folder in (string[])[link, link + "/", App])
        {
            Assert.Equal([("sub/l", "../x.txt"), ("sub/y.txt", null), ("x.txt", null)], FolderScan.Of(folder).Select(file => (file.Path, file.LinkTarget)));
        }
    }

    [Fact]
    public void A_link_in_a_circle_is_refused()
    {
        File.CreateSymbolicLink(Path.Combine(App, "a"), "b");
        File.CreateSymbolicLink(Path.Combine(App, "b"), "a");

        Refuses("circle");
    }

    [Fact]
    public void A_link_to_its_own_folder_does_not_loop()
    {
        _temp.Write("app/x.txt", "x");
        Directory.CreateSymbolicLink(Path.Combine(App, "self"), ".");

        Assert.Equal(["self", "x.txt"], FolderScan.Of(App).Select(file => file.Path));
    }

    [Fact]
    public void A_link_to_nothing_is_refused()
    {
        File.CreateSymbolicLink(Path.Combine(App, "a"), "gone");

        Refuses("leads to nothing");
    }

    [Fact]
    public async Task A_named_pipe_is_refused_and_does_not_hang()
    {
        await Outside.RunAsync("/usr/bin/mkfifo", _temp.Path, Path.Combine(App, "pipe"));

        Refuses("holds pipe, which is no file but a pipe, a socket or a device");
        Assert.Null(AssumedFacts.Of(App));
    }

    [Fact]
    public void A_socket_is_refused()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(App, "s")));

        Refuses("holds s, which is no file but a pipe, a socket or a device");
    }

    [Fact]
    public void An_empty_file_is_a_file_whatever_its_name_is()
    {
        var name = new string('n', 250);
        _temp.Write($"app/{name}", "");

        Assert.Equal(name, Assert.Single(FolderScan.Of(App)).Path);
    }

    // As in the pipe's small image, which has no list of users; and beyond what a plain tar can say, as in a container with users of its own.
    [Fact]
    public async Task An_empty_file_may_belong_to_nobody_that_is_known()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Only root gives files away.");
        await Outside.RunAsync("/usr/bin/chown", _temp.Path, "4242424:4242424", _temp.Write("app/empty.txt", ""));

        Assert.Equal("empty.txt", Assert.Single(FolderScan.Of(App)).Path);
    }

    [Theory]
    [InlineData(".wh.readme.txt", ".wh.readme.txt")]
    [InlineData("wwwroot/.wh..wh..opq", "wwwroot/.wh..wh..opq")]
    [InlineData("wwwroot/.wh.folder/x.txt", "wwwroot/.wh.folder")]
    public void A_name_that_deletes_in_an_image_is_refused(string file, string path)
    {
        _temp.Write("app/" + file, "x");

        Refuses($"The published folder holds {path}. ");
    }

    [Theory]
    [InlineData(".wh")]
    [InlineData(".whx")]
    [InlineData("a.wh.b")]
    public void A_name_that_only_resembles_one_that_deletes_is_a_name(string name)
    {
        _temp.Write("app/" + name, "x");

        Assert.Equal(name, Assert.Single(FolderScan.Of(App)).Path);
    }

    [Fact]
    public async Task A_name_that_is_not_UTF_8_is_refused()
    {
        await Outside.RunAsync("/usr/bin/python3", App, "-c", "open(b'caf\\xe9.txt', 'w').close()");

        Refuses("a name that is not UTF-8: caf");
        // .NET cannot remove what it cannot name.
        await Outside.RunAsync("/usr/bin/python3", App, "-c", "import os; os.remove(b'caf\\xe9.txt')");
    }

    private void LinkDeeperDown()
    {
        _temp.Write("app/sub/f", "inner");
        _temp.Folder("app/sub/deep");
        Directory.CreateSymbolicLink(Path.Combine(App, "d"), "sub/deep");
        Directory.CreateSymbolicLink(Path.Combine(App, "sub/up"), "..");
    }

    private string? LinkOf(string path) => FolderScan.Of(App).Single(file => file.Path == path).LinkTarget;

    private void Refuses(string reason)
    {
        var error = Assert.Throws<BuildException>(() => FolderScan.Of(App));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
