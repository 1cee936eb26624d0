// The one place that may see the environment, the console, signals and the real clock.
#pragma warning disable RS0030
using System.Collections;
using System.Runtime.InteropServices;
using System.Text;
using EcsDeploy;

using var stop = new CancellationTokenSource();
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));

var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
    .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);
return (int)await new PipeRunner(environment, Environment.CurrentDirectory, output, TimeProvider.System).RunAsync(stop.Token);

void Cancel(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
