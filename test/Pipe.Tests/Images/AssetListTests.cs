using System.Text;
using System.Text.Json.Nodes;
using EcsDeploy.Images;
using Xunit;

namespace Pipe.Tests.Images;

/// <summary>The list of static files without the time of the clone, and in one order.</summary>
public sealed class AssetListTests
{
    private const string FixedDate = "Tue, 01 Jan 1980 00:00:00 GMT";

    /// <summary>The list as the image gets it.</summary>
    internal static async Task<byte[]> ReadAsync(byte[] list)
    {
        using var read = new MemoryStream();
        await using var stream = await AssetList.OpenAsync(new MemoryStream(list), TestContext.Current.CancellationToken);
        await stream.CopyToAsync(read, TestContext.Current.CancellationToken);
        Assert.Equal(stream.Length, read.Length);
        return read.ToArray();
    }

    [Fact]
    public async Task Every_time_is_the_same_and_everything_else_stays()
    {
        var made = await ReadAsync("""{"Version":1,"Endpoints":[{"Route":"a.css","ResponseHeaders":[{"Name":"ETag","Value":"\"x\""},{"Name":"Last-Modified","Value":"Mon, 23 Nov 2026 07:07:52 GMT"}]}],"More":1}""");

        Assert.Equal("""{"Version":1,"Endpoints":[{"Route":"a.css","ResponseHeaders":[{"Name":"ETag","Value":"\"x\""},{"Name":"Last-Modified","Value":"Tue, 01 Jan 1980 00:00:00 GMT"}]}],"More":1}""", made);
    }

    // The SDK orders the files of one address by their places on the disk: compressed ones lie in the clone, those of packages anywhere.
    [Fact]
    public async Task Endpoints_are_in_the_order_of_their_address_file_and_selectors()
    {
        const string Plain = """{"Route":"a.js","AssetFile":"a.js","Selectors":[]}""";
        const string Gzip = """{"Route":"a.js","AssetFile":"a.js.gz","Selectors":[{"Name":"Content-Encoding","Value":"gzip"}]}""";
        const string GzipSaid = """{"Route":"a.js","AssetFile":"a.js.gz","Selectors":[{"Name":"Content-Encoding","Value":"x-gzip"}]}""";
        const string Other = """{"Route":"ä.js","AssetFile":"a.js","Selectors":[]}""";
        var expected = $$"""{"Endpoints":[{{Plain}},{{Gzip}},{{GzipSaid}},{{Other}}]}""";

        Assert.Equal(expected, await ReadAsync($$"""{"Endpoints":[{{GzipSaid}},{{Other}},{{Plain}},{{Gzip}}]}"""));
        Assert.Equal(expected, await ReadAsync($$"""{"Endpoints":[{{Plain}}, {{GzipSaid}},{{Gzip}} , {{Other}}]}"""));
    }

    [Theory]
    [InlineData("""{"Version":1,"Endpoints":[]}""")]
    [InlineData("""{"Endpoints":[1,{"ResponseHeaders":[{"Name":"Last-Modified","Value":"x"}]}]}""")]
    [InlineData("""{"Endpoints":{"a":{"ResponseHeaders":[{"Name":"Last-Modified","Value":"x"}]}}}""")]
    [InlineData("""{"Endpoints":[[{"ResponseHeaders":[{"Name":"Last-Modified","Value":"x"}]}]]}""")]
    [InlineData("""{"Endpoints":[{"ResponseHeaders":[{"Name":"Last-Modified","Value":"x"}]}]} trailing""")]
    [InlineData("""{"Endpoints":[{"ResponseHeaders":[{"Name":"Last-Modified","Value":"x"}]}""")]
    [InlineData("""{"Endpoints":[{"Route":"b"}],"Endpoints":[{"Route":"a"}]}""")]
    [InlineData("""[{"ResponseHeaders":[{"Name":"Last-Modified","Value":"x"}]}]""")]
    [InlineData("no JSON at all")]
    [InlineData("")]
    public async Task What_is_no_such_list_stays(string text) => Assert.Equal(text, await ReadAsync(text));

    // Only a header of an endpoint's own headers is one, whichever of its members comes first.
    [Theory]
    [InlineData("""{ "Endpoints" : [ { "Route":"ü \u00fc <&+'>", "x":null, "ResponseHeaders":[ {"Value":"early","Name":"Last-Modified","z":[{"Value":"kept"}]} ] } ] }""", "early")]
    [InlineData("""{"Endpoints":[{"ResponseHeaders":[]},{"b":[{"Name":"Last-Modified","Value":"kept"}]}]}""", null)]
    [InlineData("""{"Endpoints":[{"ResponseHeaders":[[{"Name":"Last-Modified","Value":"kept"}],{"Name":{"Name":"Last-Modified"},"Value":"kept"},{"Name":"Last-Modified","Value":"changed"}]}]}""", "changed")]
    [InlineData("""{"Endpoints":[{"ResponseHeaders":[{"Name":"last-modified","Value":"kept"},{"Name":"Last-Modified"},{"Value":"kept"}]}],"Else":[{"ResponseHeaders":[{"Name":"Last-Modified","Value":"kept"}]}]}""", null)]
    [InlineData("""{"Endpoints":[{"ResponseHeaders":[{"Name":"Last-Modified","Value":"with \"quotes\" \u00fc"}]}]}""", """with \"quotes\" \u00fc""")]
    public async Task Only_the_time_in_an_endpoints_headers_is_one(string text, string? time)
    {
        var made = await ReadAsync(text);

        Assert.Equal(time is null ? text : text.Replace($"\"{time}\"", $"\"{FixedDate}\"", StringComparison.Ordinal), made);
        Assert.NotNull(JsonNode.Parse(made));
    }

    [Fact]
    public async Task A_list_of_twenty_thousand_files_takes_a_fraction_of_its_own_bytes()
    {
        var list = Encoding.UTF8.GetBytes(string.Concat(ListOf(20_000)));
        var before = GC.GetAllocatedBytesForCurrentThread();

        await using var stream = await AssetList.OpenAsync(new MemoryStream(list), TestContext.Current.CancellationToken);
        await stream.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, list.Length / 4);
        Assert.Equal(20_000, Encoding.UTF8.GetString(await ReadAsync(list)).Split(FixedDate).Length - 1);
    }

    /// <summary>As the SDK writes it for as many static files, piece by piece.</summary>
    internal static IEnumerable<string> ListOf(int files)
    {
        var filler = new string('x', 1500);
        yield return """{"Version":1,"ManifestType":"Publish","Endpoints":[""";
        for (var number = 0; number < files; number++)
        {
            var name = $"images/{number:D6}.png";
            yield return $$"""{{(number > 0 ? "," : "")}}{"Route":"{{name}}","AssetFile":"{{name}}","Selectors":[],"ResponseHeaders":[{"Name":"ETag","Value":"\"{{filler}}\""},{"Name":"Last-Modified","Value":"Mon, 23 Nov 2026 07:07:52 GMT"}],"EndpointProperties":[]}""";
        }

        yield return "]}";
    }

    private static async Task<string> ReadAsync(string text) => Encoding.UTF8.GetString(await ReadAsync(Encoding.UTF8.GetBytes(text)));
}
