using System.ComponentModel;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;

using Cgn.Control.Api.Problems;
using Cgn.Control.Api.Records;
using Cgn.Control.Api.Resources;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting.Configurations;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Cgn.Control.Api.Endpoints;

/// <summary>The instance as a whole, and sums over its records.</summary>
internal sealed class InstanceEndpoints(RecordWalk walk, ConfigurationDesk desk)
{
    private const string WhichInstance = "Number of the instance: 1";

    private readonly SummaryReader _summary = new(walk);
    private readonly InstanceReader _instance = new(walk, new SummaryReader(walk));

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/instances", Instances).Says("The NAT instances (RFC 8512): there is one", ApiRole.Read);
        api.MapGet("/instances/{id}", Instance).Says(
            "An instance's configuration by the names of RFC 8512 and RFC 8513", ApiRole.Read,
            StatusCodes.Status404NotFound);
        api.MapGet("/instances/{id}/capabilities", Capabilities).Says(
            "How an instance maps, filters, pools and treats fragments (RFC 7659)", ApiRole.Read,
            StatusCodes.Status404NotFound);
        api.MapGet("/instances/{id}/statistics", Statistics).Says(
            "An instance's counters (RFC 8512 statistics)", ApiRole.Read, StatusCodes.Status404NotFound);
        api.MapGet("/pools", Pools).Says("Pools, and how far they are used", ApiRole.Read);
        api.MapGet("/pools/{pool-id}", Pool).Says("One pool", ApiRole.Read, StatusCodes.Status404NotFound);
        api.MapGet("/workers", Workers).Says("Workers, one a shard", ApiRole.Read);
        api.MapGet("/drops", Drops).Says("Dropped packets by reason, most frequent first", ApiRole.Read);
    }

    private Page<JsonObject> Instances() => new([Document()], null);

    private JsonObject Instance([FromRoute, Description(WhichInstance)] string id)
    {
        Check(id);
        return Document();
    }

    private JsonObject Document() => walk.Read(moment => InstanceDocument.Of(moment, desk.Options));

    private CapabilitiesResource Capabilities([FromRoute, Description(WhichInstance)] string id)
    {
        Check(id);
        return _instance.Capabilities();
    }

    private InstanceStatistics Statistics([FromRoute, Description(WhichInstance)] string id)
    {
        Check(id);
        return _instance.Statistics();
    }

    private Page<PoolResource> Pools(CancellationToken cancellation) => new(_summary.Pools(cancellation), null);

    private PoolResource Pool(
        [FromRoute(Name = "pool-id"), Description("The pool's id in the configuration")] string poolId,
        CancellationToken cancellation) =>
        _summary.Pools(cancellation).FirstOrDefault(pool => pool.PoolId == poolId)
        ?? throw ApiProblem.NotFound($"no pool is called '{poolId}'; /api/v1/pools lists those that there are");

    private Page<WorkerResource> Workers() => new(_summary.Workers(), null);

    private Page<DropResource> Drops() => new(_summary.Drops(), null);

    private static void Check(string id)
    {
        if (id != "1")
            throw ApiProblem.NotFound($"there is no instance '{id}'; the one that there is has the number 1");
    }
}
