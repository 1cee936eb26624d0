using System.Text;
using EcsDeploy.Images;
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

    private static string Normalise(string text) => Encoding.UTF8.GetString(StaticWebAssets.Normalise(Encoding.UTF8.GetBytes(text)));
}
