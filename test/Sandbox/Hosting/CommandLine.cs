using System.Globalization;
using Sandbox.Time;
using Sandbox.Worlds;

namespace Sandbox.Hosting;

/// <summary>The program's arguments.</summary>
internal static class CommandLine
{
    public const string Usage =
        """
        Plays AWS (STS, ECR, ECS) and Bitbucket on loopback.

          --demo         the world of test/demo.sh: images of the central repository really run
          --world FILE   accounts, roles, repositories, services from a YAML file (world.example.yml shows one); without it, the default world
          --port N       the port on 127.0.0.1, 127.0.0.2, …, one address for each account's registry; without it, any free one
          --speed X      the sandbox's time runs X times as fast
          --data DIR     where blobs lie; without it, a folder of its own that is removed at the end
          --tls          also listens on HTTPS, with an authority of its own
        """;

    private const double Fastest = 1000;

    /// <summary>Throws <see cref="FormatException"/> that says which argument is wrong.</summary>
    public static SandboxOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new SandboxOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            if (name is "--tls" or "--demo")
            {
                options = name is "--tls" ? options with { Tls = true } : options with { World = DemoWorld.Create() };
                continue;
            }

            var value = ++i < arguments.Count ? arguments[i] : throw new FormatException($"{name} has no value.");
            options = name switch
            {
                "--world" => options with { World = World(value) },
                "--port" => options with { Port = Port(value) },
                "--speed" => options with { Clock = new ScaledClock(Speed(value)) },
                "--data" => options with { DataDirectory = Path.GetFullPath(value) },
                _ => throw new FormatException($"There is no argument {name}."),
            };
        }

        return options;
    }

    private static World World(string file) => File.Exists(file) ? WorldFile.Read(file) : throw new FormatException($"There is no file {file}.");

    private static int Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= ushort.MaxValue ? port : throw new FormatException($"--port is '{text}'. It must be a number up to {ushort.MaxValue}.");

    private static double Speed(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var speed) && speed is > 0 and <= Fastest ? speed : throw new FormatException($"--speed is '{text}'. It must be a number above 0, up to {Fastest}.");
}
