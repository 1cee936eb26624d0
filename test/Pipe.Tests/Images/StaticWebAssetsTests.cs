using System.Text;
using System.Text.Json.Nodes;
using EcsDeploy.Images;
using EcsDeploy.Oci;
using Xunit;

namespace Pipe.Tests.Images;

/// <summary>The list of static files without the time of the clone.</summary>
public sealed class StaticWebAssetsTests
{
    [Fact]
    public void Every_time_is_the_same_and_everything_else_stays()
    {
        var made = Normalise("""{"Version":1,"Endpoints":[{"Route":"a.css","ResponseHeaders":[{"Name":"ETag","Value":"\"x\""},{"Name":"Last-Modified","Value":"Mon, 23 Nov 2026 07:07:52 GMT"}]}]}""");

        Assert.Equal("""{"Version":1,"Endpoints":[{"Route":"a.css","ResponseHeaders":[{"Name":"ETag","Value":"\"x\""},{"Name":"Last-Modified","Value":"Tue, 01 Jan 1980 00:00:00 GMT"}]}]}""", made);
    }

    [Theory]
    [InlineData("""{"Version":1,"Endpoints":[]}""")]
    [InlineData("""{"Endpoints":[1,{"ResponseHeaders":{}}]}""")]
    [InlineData("no JSON at all")]
    public void What_has_no_times_stays(string text) => Assert.Equal(text, Normalise(text));

    // What the tree of the whole document says, which a list of many files is too large for.
    [Theory]
    [InlineData("""{ "Version" : 1.50e3, "Endpoints" : [ { "Route":"ü \u00fc \u0041 <&+'>", "x":null, "y":true, "ResponseHeaders":[ {"Value":"early","Name":"Last-Modified","z":[{"Value":1}]} ] } ] }""")]
    [InlineData("""{"Endpoints":{"a":{"ResponseHeaders":[{"Name":"Last-Modified","Value":"x"}]}}}""")]
    [InlineData("""{"Endpoints":[[{"ResponseHeaders":[{"Name":"Last-Modified","Value":"x"}]}]]}""")]
    [InlineData("""{"Endpoints":[{"ResponseHeaders":[]},[[{"Name":"Last-Modified","Value":"x"}]]]}""")]
    [InlineData("""{"Endpoints":[{"ResponseHeaders":[[{"Name":"Last-Modified","Value":"x"}],{"Name":{"Name":"Last-Modified"},"Value":"x"},{"Name":"Last-Modified","Value":{"Value":[1]}}]}]}""")]
    [InlineData("""{"Endpoints":[{"Other":[{"Name":"Last-Modified","Value":"x"}],"ResponseHeaders":[{"Name":"last-modified","Value":"x"}]}],"Else":[{"ResponseHeaders":[{"Name":"Last-Modified","Value":"x"}]}]}""")]
    [InlineData("""[1]""")]
    [InlineData("""{"Endpoints":[]} trailing""")]
    [InlineData("""{"a":"\ud800"}""")]
    public void The_list_says_what_its_whole_tree_would_say(string text) => Assert.Equal(ByTree(text), Normalise(text));

    [Fact]
    public void A_list_of_twenty_thousand_files_takes_little_more_than_its_own_bytes()
    {
        const string Endpoint = """{"Route":"images/picture-{0}.png","AssetFile":"images/picture-{0}.png","Selectors":[],"ResponseHeaders":[{"Name":"Cache-Control","Value":"no-cache"},{"Name":"ETag","Value":"\"abc{0}=\""},{"Name":"Last-Modified","Value":"Mon, 23 Nov 2026 07:07:52 GMT"}],"EndpointProperties":[]}""";
        var list = Encoding.UTF8.GetBytes($$"""{"Version":1,"Endpoints":[{{string.Join(',', Enumerable.Range(0, 20_000).Select(number => Endpoint.Replace("{0}", $"{number}", StringComparison.Ordinal)))}}]}""");
        _ = StaticWebAssets.Normalise(list);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var made = StaticWebAssets.Normalise(list);

        // Its output as it is written and as it is given back; escaped ETags are a fraction of it.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, list.Length, 4L * list.Length);
        Assert.Equal(20_000, Encoding.UTF8.GetString(made).Split("Tue, 01 Jan 1980 00:00:00 GMT").Length - 1);
        Assert.Equal(ByTree(Encoding.UTF8.GetString(list)), Encoding.UTF8.GetString(made));
    }

    private static string ByTree(string text)
    {
        try
        {
            var document = RawJson.ParseObject(Encoding.UTF8.GetBytes(text), "list");
            foreach (var header in Objects(document["Endpoints"]).SelectMany(endpoint => Objects(endpoint["ResponseHeaders"])).Where(header => header.Text("Name") == "Last-Modified"))
            {
                header["Value"] = "Tue, 01 Jan 1980 00:00:00 GMT";
            }

            return Encoding.UTF8.GetString(RawJson.ToBytes(document));
        }
        catch (Exception unreadable) when (unreadable is DocumentException or InvalidOperationException)
        {
            return text;
        }

        static IEnumerable<JsonObject> Objects(JsonNode? array) => (array as JsonArray)?.OfType<JsonObject>() ?? [];
    }

    private static string Normalise(string text) => Encoding.UTF8.GetString(StaticWebAssets.Normalise(Encoding.UTF8.GetBytes(text)));
}
