namespace Pipe.Tests.Pipe;

/// <summary>A folder as `dotnet publish` leaves it, small enough to be made by hand: what is tried here is the road to ECS, not the compiler.</summary>
internal static class PublishedSample
{
    public static void WriteTo(string folder, string version)
    {
        Directory.CreateDirectory(Path.Combine(folder, "wwwroot"));
        File.WriteAllText(Path.Combine(folder, "Shop.Web.dll"), $"the app, version {version}");
        File.WriteAllText(Path.Combine(folder, "Serilog.dll"), "a package");
        File.WriteAllText(Path.Combine(folder, "wwwroot", "index.html"), "<h1>Shop</h1>");
        File.WriteAllText(
            Path.Combine(folder, "Shop.Web.runtimeconfig.json"),
            """
            {"runtimeOptions":{"tfm":"net10.0","frameworks":[
              {"name":"Microsoft.NETCore.App","version":"10.0.0"},{"name":"Microsoft.AspNetCore.App","version":"10.0.0"}]}}
            """);
        File.WriteAllText(
            Path.Combine(folder, "Shop.Web.deps.json"),
            """
            {"runtimeTarget":{"name":".NETCoreApp,Version=v10.0"},
             "targets":{".NETCoreApp,Version=v10.0":{
               "Shop.Web/1.0.0":{"dependencies":{"Serilog":"4.4.0"},"runtime":{"Shop.Web.dll":{}}},
               "Serilog/4.4.0":{"runtime":{"lib/net9.0/Serilog.dll":{}}}}},
             "libraries":{"Shop.Web/1.0.0":{"type":"project","serviceable":false,"sha512":""},
               "Serilog/4.4.0":{"type":"package","serviceable":true,"sha512":"sha512-x"}}}
            """);
    }
}
