using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Sandbox.Wire;

namespace Sandbox.Facts;

/// <summary>Holds every answer of the sandbox to the model, as its inputs are held: nothing invented, nothing missing, no wrong type.</summary>
internal sealed class AnswerCheck
{
    private ImmutableHashSet<string> _sent = [];

    /// <summary>Members that clients sent and the model does not know: they come back as they were.</summary>
    public void Sent(IReadOnlyList<string> unknownMembers)
    {
        if (unknownMembers.Count > 0)
        {
            ImmutableInterlocked.Update(ref _sent, sent => sent.Union(unknownMembers.Select(path => path[(path.LastIndexOf('.') + 1)..])));
        }
    }

    public IReadOnlyList<string> Misfits(ApiCall call, JsonObject output) => ApiFacts.CheckOutput(call.Service, call.Operation, output, _sent);
}
