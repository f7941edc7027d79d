using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Cgn.Control.Api.Security;

/// <summary>What the description of the interface says of tokens, so that tools made from it send one.</summary>
internal static class TokenDescription
{
    private const string Scheme = "token";

    /// <summary>Adds the scheme, and names it at all endpoints that want a token.</summary>
    public static void Add(OpenApiOptions options)
    {
        options.AddDocumentTransformer(static (document, _, _) =>
        {
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "A token of api.token-file; 'cgn token add' makes one.",
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(static (operation, context, _) =>
        {
            if (!context.Description.ActionDescriptor.EndpointMetadata.OfType<OpenToAll>().Any())
            {
                var scheme = new OpenApiSecuritySchemeReference(Scheme, context.Document);
                operation.Security = [new OpenApiSecurityRequirement { [scheme] = [] }];
            }

            return Task.CompletedTask;
        });
    }
}
