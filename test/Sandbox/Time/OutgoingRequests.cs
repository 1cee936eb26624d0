using System.Diagnostics.Tracing;

namespace Sandbox.Time;

/// <summary>
/// Counts the HTTP requests of each participant, from before the first byte leaves until the answer is there, by .NET's own events: no client can
/// forget to be counted.
/// </summary>
internal sealed class OutgoingRequests : EventListener
{
    private static readonly Lazy<OutgoingRequests> Watcher = new(() => new OutgoingRequests());

    public static void Watch() => _ = Watcher.Value;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "System.Net.Http")
        {
            EnableEvents(eventSource, EventLevel.Informational);
        }
    }

    /// <summary>Called in the flow that sends the request.</summary>
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName is "RequestStart" or "RequestStop")
        {
            Participant.Here?.CountRequest(eventData.EventName == "RequestStart" ? 1 : -1);
        }
    }
}
