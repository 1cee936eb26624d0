using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Sandbox.Bitbucket;

/// <summary>The reports and annotations that steps sent to Bitbucket's Code Insights.</summary>
public sealed class CodeInsights
{
    private readonly ConcurrentDictionary<(string Commit, string Id), InsightReport> _reports = new();

    public IReadOnlyList<InsightReport> Reports => [.. _reports.Values];

    /// <summary>A report put twice under one id is the newer one; its annotations stay.</summary>
    internal void Put(string commit, string id, JsonObject body) =>
        _reports.AddOrUpdate((commit, id), new InsightReport(commit, id, body, []), (_, known) => known with { Body = body });

    internal InsightReport? Find(string commit, string id) => _reports.GetValueOrDefault((commit, id));

    internal void Annotate(InsightReport report, IEnumerable<JsonObject> annotations) =>
        _reports.AddOrUpdate((report.Commit, report.Id), report, (_, known) => known with { Annotations = [.. known.Annotations, .. annotations] });
}

/// <summary>One report of a commit, as it was sent.</summary>
public sealed record InsightReport(string Commit, string Id, JsonObject Body, IReadOnlyList<JsonObject> Annotations);
