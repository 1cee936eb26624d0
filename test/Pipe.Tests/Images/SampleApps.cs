namespace Pipe.Tests.Images;

/// <summary>Sources of small apps that are really published; each call writes one into a folder.</summary>
internal static class SampleApps
{
    private const string WebProgram = """
        var app = WebApplication.CreateBuilder(args).Build();
        app.MapGet("/", () => Lib.Words.Hello);
        app.MapStaticAssets();
        app.Run();
        """;

    /// <summary>A web app with a package, a class library, settings and static files, some with names that need care.</summary>
    public static string Web(TempFolder folder, string name, string project = "")
    {
        folder.Write($"{name}/Lib/Lib.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""");
        folder.Write($"{name}/Lib/Words.cs", """namespace Lib; public static class Words { public static string Hello => "hello"; }""");
        folder.Write($"{name}/Web/Program.cs", WebProgram);
        folder.Write($"{name}/Web/appsettings.json", "{}");
        folder.Write($"{name}/Web/wwwroot/site.css", "body { color: red }");
        folder.Write($"{name}/Web/wwwroot/ein Bild ü.txt", "x");
        folder.Write($"{name}/Web/wwwroot/empty.txt", "");
        return folder.Write($"{name}/Web/Web.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
              <ItemGroup><PackageReference Include="Serilog" Version="4.4.0" /><ProjectReference Include="../Lib/Lib.csproj" /></ItemGroup>
              {project}
            </Project>
            """);
    }

    /// <summary>The web app with a page, a component of a library, and a library in F#: what their compilers make holds paths.</summary>
    public static string WebWithRazorAndFSharp(TempFolder folder, string name)
    {
        folder.Write($"{name}/Web/Pages/Index.cshtml", "@page\n<h1>@Lib.Words.Hello</h1>\n@Words.hello(\"x\")\n");
        folder.Write($"{name}/Parts/Pärt.razor", "<p>@_x</p>\n@code { private int _x = 3; }\n");
        folder.Write($"{name}/Parts/Pärt.razor.css", "p { color: blue }");
        folder.Write($"{name}/Parts/Parts.csproj", """
            <Project Sdk="Microsoft.NET.Sdk.Razor">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup><FrameworkReference Include="Microsoft.AspNetCore.App" /></ItemGroup>
            </Project>
            """);
        folder.Write($"{name}/Words/Words.fs", "module Words\nlet hello name = match name with | \"x\" -> name + __SOURCE_DIRECTORY__\nlet quoted = <@ fun x -> x + 1 @>\n");
        folder.Write($"{name}/Words/Words.fsproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup><Compile Include="Words.fs" /></ItemGroup>
            </Project>
            """);
        folder.Write($"{name}/Web/Views/Plain.cshtml", "<p>@Lib.Words.Hello</p>");
        return Web(folder, name, """
            <ItemGroup>
              <ProjectReference Include="../Parts/Parts.csproj" /><ProjectReference Include="../Words/Words.fsproj" />
              <Content Remove="Views/**" /><Content Include="$(MSBuildProjectDirectory)/Views/**/*.cshtml" />
            </ItemGroup>
            """);
    }

    /// <summary>A program without ASP.NET.</summary>
    public static string Console(TempFolder folder, string name, string project = "")
    {
        folder.Write($"{name}/Program.cs", "System.Console.WriteLine(1);");
        return folder.Write($"{name}/{name}.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType></PropertyGroup>
              {project}
            </Project>
            """);
    }

    /// <summary>Ways to say how a container starts and what it is labelled with.</summary>
    public static IReadOnlyDictionary<string, string> Starts { get; } = new Dictionary<string, string>
    {
        ["an entry point over the app, and every label's text"] = """
            <PropertyGroup>
              <ContainerAppCommandInstruction>DefaultArgs</ContainerAppCommandInstruction>
              <ContainerTitle>The shop</ContainerTitle><ContainerVendor>ACME; Inc.</ContainerVendor><ContainerVersion>7.1</ContainerVersion>
              <ContainerLicenseExpression>MIT</ContainerLicenseExpression><ContainerDescription>Sells</ContainerDescription>
            </PropertyGroup>
            <ItemGroup>
              <ContainerEntrypoint Include="/usr/bin/tini;--" /><ContainerEntrypointArgs Include="-v" />
              <ContainerAppCommand Include="dotnet;/app/worker.dll" /><ContainerAppCommandArgs Include="--fast" />
            </ItemGroup>
            """,
        ["an entry point alone, and no labels"] = """
            <PropertyGroup><ContainerAppCommandInstruction>None</ContainerAppCommandInstruction><ContainerGenerateLabels>false</ContainerGenerateLabels></PropertyGroup>
            <ItemGroup>
              <ContainerAppCommand Remove="@(ContainerAppCommand)" /><ContainerEntrypoint Include="/usr/bin/env" /><ContainerEntrypointArgs Include="sh" />
              <ContainerLabel Include="mine" Value="stays?" />
            </ItemGroup>
            """,
        ["a command of the project's own, and no digest of the base"] = """
            <PropertyGroup><ContainerGenerateLabelsImageBaseDigest>false</ContainerGenerateLabelsImageBaseDigest></PropertyGroup>
            <ItemGroup><ContainerAppCommand Include="dotnet;exec;/app/worker.dll" /><ContainerAppCommandArgs Include="a;b c" /><ContainerDefaultArgs Include="d" /></ItemGroup>
            """,
    };

    /// <summary>A setting that a target of the project makes while it is built, as tools that stamp versions do.</summary>
    public const string StampedInTheBuild = """
        <Target Name="Stamp" AfterTargets="Build">
          <PropertyGroup><ContainerVersion>7.$([MSBuild]::Add(1, 1))</ContainerVersion></PropertyGroup>
          <ItemGroup><ContainerEnvironmentVariable Include="APP_VERSION" Value="$(ContainerVersion)" /></ItemGroup>
        </Target>
        """;

    /// <summary>Every container setting that a project can make, but for the format.</summary>
    public const string ContainerSettings = """
        <PropertyGroup>
          <ContainerWorkingDirectory>/srv/shop/</ContainerWorkingDirectory>
          <ContainerUser>root</ContainerUser>
          <Authors>The team</Authors>
          <Description>Sells: everything</Description>
        </PropertyGroup>
        <ItemGroup>
          <ContainerEnvironmentVariable Include="ASPNETCORE_HTTP_PORTS" Value="5000" />
          <ContainerEnvironmentVariable Include="GREETING" Value="hello; world = 1" />
          <ContainerPort Include="9000" Type="udp" />
          <ContainerPort Include="9001" />
          <ContainerLabel Include="team" Value="shop:api" />
          <ContainerAppCommandArgs Include="--urls" />
          <ContainerDefaultArgs Include="--verbose" />
        </ItemGroup>
        """;
}
